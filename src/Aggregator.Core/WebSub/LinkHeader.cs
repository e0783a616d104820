namespace Aggregator.Core.WebSub;

/// <summary>Reads <c>Link</c> headers (RFC 8288 §3).</summary>
internal static class LinkHeader
{
    /// <summary>The most links that are read of one answer.</summary>
    public const int MaxLinks = 64;

    /// <summary>The targets and relation types of the links, in order. What cannot be read ends its header; links about another resource (<c>anchor</c>) are left out.</summary>
    public static IReadOnlyList<(string Target, string Relations)> Read(IEnumerable<string> headers)
    {
        var links = new List<(string, string)>();
        foreach (var header in headers)
        {
            var at = 0;
            while (links.Count < MaxLinks && ReadLink(header, ref at, links))
            {
            }
        }

        return links;
    }

    private static bool ReadLink(string header, ref int at, List<(string, string)> links)
    {
        while (at < header.Length && (char.IsWhiteSpace(header[at]) || header[at] == ',')) at++;
        if (at >= header.Length || header[at] != '<') return false;
        var end = header.IndexOf('>', at);
        if (end < 0) return false;
        var target = header[(at + 1)..end].Trim();
        at = end + 1;

        string? relations = null;
        var isElsewhere = false;
        while (true)
        {
            SkipSpace(header, ref at);
            if (at >= header.Length || header[at] == ',') break;
            if (header[at] != ';') return false;
            at++;
            SkipSpace(header, ref at);
            var start = at;
            while (at < header.Length && header[at] is not ('=' or ';' or ',') && !char.IsWhiteSpace(header[at])) at++;
            var name = header[start..at];
            SkipSpace(header, ref at);
            var value = "";
            if (at < header.Length && header[at] == '=')
            {
                at++;
                SkipSpace(header, ref at);
                if (!ReadValue(header, ref at, out value)) return false;
            }

            // The first rel counts, others are ignored (§3.3).
            if (name.Equals("rel", StringComparison.OrdinalIgnoreCase)) relations ??= value;
            else if (name.Equals("anchor", StringComparison.OrdinalIgnoreCase)) isElsewhere = true;
        }

        if (relations is not null && !isElsewhere) links.Add((target, relations));
        return true;
    }

    private static bool ReadValue(string header, ref int at, out string value)
    {
        value = "";
        if (at < header.Length && header[at] == '"')
        {
            var text = new System.Text.StringBuilder();
            for (at++; at < header.Length && header[at] != '"'; at++)
            {
                if (header[at] == '\\' && at + 1 < header.Length) at++;
                text.Append(header[at]);
            }

            if (at >= header.Length) return false;
            at++;
            value = text.ToString();
            return true;
        }

        var start = at;
        while (at < header.Length && header[at] is not (';' or ',') && !char.IsWhiteSpace(header[at])) at++;
        value = header[start..at];
        return true;
    }

    private static void SkipSpace(string header, ref int at)
    {
        while (at < header.Length && char.IsWhiteSpace(header[at])) at++;
    }
}
