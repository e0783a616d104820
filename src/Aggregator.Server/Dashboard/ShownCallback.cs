namespace Aggregator.Server.Dashboard;

/// <summary>A subscriber's callback as an admin may see it: whoever knows it whole could push to the subscriber.</summary>
internal static class ShownCallback
{
    private const int ShownPath = 24;

    /// <summary>Scheme, host and the beginning of the path; never the query.</summary>
    public static string Of(string callback)
    {
        if (!Uri.TryCreate(callback, UriKind.Absolute, out var url)) return "…";
        var path = url.AbsolutePath;
        return url.GetLeftPart(UriPartial.Authority) + (path.Length > ShownPath ? path[..ShownPath] + "…" : path) + (url.Query.Length > 0 ? "?…" : "");
    }
}
