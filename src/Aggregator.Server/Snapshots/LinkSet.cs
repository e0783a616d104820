using System.Globalization;
using System.Text;

namespace Aggregator.Server.Snapshots;

/// <summary>Typed links, for the header <c>Link</c> (RFC 8288) and for documents of the type <c>application/link-format</c> (RFC 6690).</summary>
internal sealed class LinkSet
{
    /// <summary>The media type of a document of links.</summary>
    public const string Format = "application/link-format";

    private readonly List<string> _links = [];

    /// <summary>Adds a link. One whose target cannot be written in ASCII is left out: a header holds nothing else.</summary>
    /// <param name="target">The absolute address.</param>
    /// <param name="relations">The relations, parted by blanks.</param>
    /// <param name="attributes">The attributes with their values, which hold neither quotes nor controls.</param>
    public LinkSet Add(string target, string relations, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        if (AsciiOf(target) is not { } ascii) return this;
        var link = new StringBuilder().Append('<').Append(ascii).Append(">; rel=\"").Append(relations).Append('"');
        foreach (var (name, value) in attributes) link.Append("; ").Append(name).Append("=\"").Append(value).Append('"');
        _links.Add(link.ToString());
        return this;
    }

    /// <summary>A time as RFC 7089 writes it in headers and links: RFC 1123, GMT, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);

    /// <summary>As the value of the header.</summary>
    public string ToHeader() => string.Join(", ", _links);

    /// <summary>As a document, a link a line.</summary>
    public string ToDocument() => string.Join(",\n", _links) + "\n";

    // A stored address is absolute http(s), but its host may be in letters of any script, and a broken parameter may hold anything.
    private static string? AsciiOf(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return null;
        var ascii = Ascii.IsValid(address) ? address : new UriBuilder(uri) { Host = uri.IdnHost }.Uri.AbsoluteUri;
        if (!Ascii.IsValid(ascii)) ascii = uri.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped).Replace(uri.Host, uri.IdnHost, StringComparison.Ordinal) + uri.PathAndQuery;
        return !ascii.AsSpan().ContainsAnyExceptInRange('!', '~') && !ascii.AsSpan().ContainsAny('<', '>', '"') ? ascii : null;
    }
}
