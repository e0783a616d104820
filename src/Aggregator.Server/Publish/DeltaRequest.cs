using System.Globalization;
using Aggregator.Core.Publishing;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Publish;

/// <summary>
/// Whether a client wants only what is new and changed since the instance that it holds: <c>A-IM: feed</c> (RFC 3229 with the
/// instance manipulation <c>feed</c>) beside <c>If-None-Match</c>. What cannot be read is no such wish, and the client gets the whole feed.
/// </summary>
/// <param name="Position">Up to where the client has the topic's changes.</param>
/// <param name="Base">The entity tag that it named, as it stands in the request.</param>
internal sealed record DeltaRequest(long Position, string Base)
{
    /// <summary>The name of the manipulation.</summary>
    public const string Manipulation = "feed";

    private const string Header = "A-IM";

    /// <summary>Whether the client takes deltas at all.</summary>
    public static bool IsTaken(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(Header, out var values)) return false;
        foreach (var value in values)
            foreach (var wish in (value ?? "").Split(','))
            {
                var parts = wish.Split(';', StringSplitOptions.TrimEntries);
                if (parts[0].Equals(Manipulation, StringComparison.OrdinalIgnoreCase) && !parts.Skip(1).Any(IsRefusal)) return true;
            }

        return false;
    }

    /// <summary>
    /// The wish for a delta to a feed, or null. Only one tag may be named: several are those of a cache that asks for whoever, and
    /// what follows on one of them would be no answer for who holds another.
    /// </summary>
    public static DeltaRequest? Read(HttpRequest request, Rendering rendering)
    {
        if (rendering.Format is FeedFormat.Opml || !IsTaken(request)) return null;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags) || tags is not [var tag] || tag.Equals(EntityTagHeaderValue.Any)) return null;
        return FeedTag.PositionOf(rendering.SelfUrl, tag.Tag.ToString().Trim('"')) is { } position ? new DeltaRequest(position, tag.ToString()) : null;
    }

    private static bool IsRefusal(string parameter) =>
        parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
        && double.TryParse(parameter.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality)
        && quality == 0;
}
