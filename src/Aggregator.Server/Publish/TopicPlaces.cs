using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Publish;

/// <summary>Knows how far the archives of topics have come; the store is asked as seldom as by <see cref="TopicDirectory"/>.</summary>
internal sealed class TopicPlaces(IArchiveStore archives, StoreTrust trust, TimeProvider time) : IDisposable
{
    private readonly RecentAnswers<Topic, ArchivePlace> _places = new(
        async (topic, stopping) => await archives.PlaceAsync(topic, stopping), trust, time);

    /// <summary>How far the topic's archive has come, with the timestamp of the question, when somebody has asked just now; else null.</summary>
    public (ArchivePlace Value, long AskedAt)? FindKnown(Topic topic) => HasArchive(topic) ? _places.Find(topic) : (ArchivePlace.None, long.MaxValue);

    /// <summary>How far the topic's archive has come, as of <see cref="StoreTrust.Interval"/> ago at the most.</summary>
    public async ValueTask<ArchivePlace> FindAsync(Topic topic, CancellationToken cancellationToken) =>
        HasArchive(topic) ? await _places.GetAsync(topic, cancellationToken) ?? ArchivePlace.None : ArchivePlace.None;

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private static bool HasArchive(Topic topic) => topic is not (Topic.OfSearch or Topic.OfSelection);
}
