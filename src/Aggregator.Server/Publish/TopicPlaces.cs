using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Publish;

/// <summary>Knows how far the archives of topics have come; the store is asked as seldom as by <see cref="TopicDirectory"/>.</summary>
internal sealed class TopicPlaces(IArchiveStore archives, StoreTrust trust, TimeProvider time) : IDisposable
{
    /// <summary>How many topics are remembered.</summary>
    private const int MaxTopics = 100_000;

    private readonly BoundedCache<Topic, Checked> _places = new(MaxTopics, static _ => 1, time);
    private readonly SingleFlight<(Topic Topic, long Epoch), ArchivePlace> _checks = new();

    /// <summary>How far the topic's archive has come when somebody has asked within <see cref="TopicDirectory.CheckInterval"/>, else null.</summary>
    public ArchivePlace? FindKnown(Topic topic) =>
        topic is Topic.OfSearch or Topic.OfSelection ? ArchivePlace.None
        : _places.TryGet(topic, out var known) && known.Epoch == trust.Epoch && time.GetElapsedTime(known.At) < TopicDirectory.CheckInterval ? known.Place
        : null;

    /// <summary>How far the topic's archive has come, as of <see cref="TopicDirectory.CheckInterval"/> ago at the most.</summary>
    public ValueTask<ArchivePlace> FindAsync(Topic topic, CancellationToken cancellationToken) =>
        FindKnown(topic) is { } known
            ? ValueTask.FromResult(known)
            : new ValueTask<ArchivePlace>(_checks.RunAsync((topic, trust.Epoch), stopping => CheckAsync(topic, stopping), cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _checks.Dispose();

    private async Task<ArchivePlace> CheckAsync(Topic topic, CancellationToken cancellationToken)
    {
        var (asked, epoch) = (time.GetTimestamp(), trust.Epoch);
        var place = await archives.PlaceAsync(topic, cancellationToken);
        _places.Set(topic, new Checked(place, asked, epoch));
        return place;
    }

    private sealed record Checked(ArchivePlace Place, long At, long Epoch);
}
