using Aggregator.Core.Publishing;
using Aggregator.Server.Search;
using Aggregator.Server.Selections;

namespace Aggregator.Server.Publish;

/// <summary>Reads addresses of our feeds as they stand elsewhere: at the hub, in a subscription list.</summary>
internal static class FeedPath
{
    /// <summary>What an address names, by its form alone; null when it is no feed of entries.</summary>
    public static (TopicName Name, FeedFormat Format)? Read(string url, SiteLinks links)
    {
        if (!url.StartsWith(links.Base + "/", StringComparison.Ordinal)) return null;
        var rest = url[links.Base.Length..];
        var query = rest.IndexOf('?', StringComparison.Ordinal) is var mark and >= 0 ? rest[mark..] : "";
        var path = rest[..(rest.Length - query.Length)];
        var dot = path.LastIndexOf('.');
        return dot >= 0 && FeedFormats.FromExtension(path.AsSpan(dot + 1)) is { } format && format != FeedFormat.Opml && NameOf(path[..dot], query) is { } name
            ? (name, format)
            : null;
    }

    /// <summary>The topic of a path without its extension, when it is everything, a category or a source; by its form alone.</summary>
    public static TopicName? NameOf(ReadOnlySpan<char> path)
    {
        const string Categories = "/categories/";
        const string Sources = "/sources/";
        return path.SequenceEqual("/all") ? TopicName.Everything
            : path.StartsWith(Categories, StringComparison.Ordinal) ? TopicName.Category(path[Categories.Length..].ToString())
            : path.StartsWith(Sources, StringComparison.Ordinal) ? TopicName.Source(path[Sources.Length..])
            : null;
    }

    private static TopicName? NameOf(string path, string query)
    {
        const string Selections = SelectionCookie.Path + "/";
        if (path.StartsWith(Selections, StringComparison.Ordinal))
            return query.Length == 0 && SelectionToken.Parse(path[Selections.Length..]) is { } token ? TopicName.OfSelection(token) : null;
        if (path != "/search") return NameOf(path);
        var address = SearchAddress.Read(query);
        return address.Query.IsEmpty ? null : TopicName.OfSearch(address.Canonical);
    }
}
