using Aggregator.Server.Publish;

namespace Aggregator.Server.Browse;

/// <summary>A rendered page with what it was made from.</summary>
/// <param name="Body">Its bytes.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Topics">The topics that it shows, as they stood.</param>
/// <param name="Navigation">The categories in its header.</param>
/// <param name="ValidUntil">When it is rendered again even if nothing is known to have changed.</param>
/// <param name="ReadAt">When it was read, as a timestamp of the clock.</param>
/// <param name="Epoch">The <see cref="StoreTrust.Epoch"/> in which that was.</param>
internal sealed record CachedPage(
    PageBody Body, PageHeaders Headers, IReadOnlyList<(TopicName Name, PublishedTopic Topic)> Topics, object Navigation, DateTimeOffset ValidUntil, long ReadAt, long Epoch);
