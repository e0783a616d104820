using System.Text;

namespace Aggregator.Core.Parsing;

/// <summary>Addresses in the attributes of HTML.</summary>
internal static class MarkupUrls
{
    /// <summary>The attribute's value with what is an address in it against <paramref name="baseUrl"/>; other attributes as they stand.</summary>
    internal static string Resolve(string attribute, string value, Uri baseUrl) => attribute.ToLowerInvariant() switch
    {
        "href" or "src" or "cite" or "poster" or "data" or "longdesc" or "background" or "action" or "formaction" or "data-src" => Urls.Resolve(value.Trim(), baseUrl),
        "srcset" or "data-srcset" => ResolveSet(value, baseUrl),
        _ => value,
    };

    /// <summary>A list of pictures for several sizes (HTML §4.8.4.2.1): an address, its descriptor, a comma.</summary>
    private static string ResolveSet(string set, Uri baseUrl)
    {
        var resolved = new StringBuilder(set.Length);
        for (var rest = set.AsSpan().TrimStart(" \t\r\n,"); rest.Length > 0; rest = rest.TrimStart(" \t\r\n,"))
        {
            var end = rest.IndexOfAny(" \t\r\n");
            var address = end < 0 ? rest : rest[..end];
            rest = rest[address.Length..];
            var url = address.TrimEnd(',');
            ReadOnlySpan<char> descriptor = "";
            if (url.Length == address.Length)
            {
                end = rest.IndexOf(',');
                descriptor = (end < 0 ? rest : rest[..end]).Trim();
                rest = end < 0 ? "" : rest[end..];
            }

            if (resolved.Length > 0) resolved.Append(", ");
            resolved.Append(Urls.Resolve(url.ToString(), baseUrl));
            if (descriptor.Length > 0) resolved.Append(' ').Append(descriptor);
        }

        return resolved.ToString();
    }
}
