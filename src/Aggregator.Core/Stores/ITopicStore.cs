using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>The dates that publishing gives to versions of topics.</summary>
public interface ITopicStore
{
    /// <summary>
    /// The moment from which a version of a topic counts as modified, in whole seconds: when it changed, but a higher version always has a later second than
    /// every lower one that was ever given a date, on every node and over restarts. So whoever remembers only a date (RFC 9110 §8.8.2)
    /// misses nothing, though several changes fall into one second and transactions commit in another order than they began. It may
    /// lie in the future when changes come faster than seconds do. One look-up; the first one who asks for a version writes. Null for a
    /// topic that never changed.
    /// </summary>
    Task<DateTimeOffset?> DateAsync(Topic topic, TopicVersion version, CancellationToken cancellationToken);
}
