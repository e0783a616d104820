using Aggregator.Core.Publishing;

namespace Aggregator.Server.Publish;

/// <summary>What a rendering is kept under: everything that a request can say of the document that it wants. docs/feeds.md has the same list for caches in front of us.</summary>
/// <param name="Name">The topic.</param>
/// <param name="Format">The format.</param>
/// <param name="View">Which entries, and how much of them.</param>
/// <param name="From">Of a delta the position of its base; null of a whole document.</param>
internal readonly record struct FeedKey(TopicName Name, FeedFormat Format, FeedView View, long? From = null)
{
    /// <summary>Whether strangers can think up as many of these as they like.</summary>
    public bool IsOneOfMany => View != default || From is not null;
}
