namespace Aggregator.Server.Dashboard;

/// <summary>A source's address as an admin may see it on a screen that others look at too.</summary>
internal static class ShownAddress
{
    /// <summary>The address with its password replaced; anything that is no address comes back as it is.</summary>
    public static string Of(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.UserInfo.Length == 0) return url;
        var user = uri.UserInfo.Split(':', 2)[0];
        return url.Replace(uri.UserInfo + "@", user + ":…@", StringComparison.Ordinal);
    }
}
