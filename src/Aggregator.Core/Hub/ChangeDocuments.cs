namespace Aggregator.Core.Hub;

/// <summary>
/// The documents of the last few seconds: a thousand subscribers at one position get the same bytes, written once. Bounded by
/// <see cref="MaxBytes"/>; what is in flight keeps its own.
/// </summary>
/// <param name="renderer">Writes them.</param>
/// <param name="time">The clock.</param>
internal sealed class ChangeDocuments(IChangeRenderer renderer, TimeProvider time)
{
    /// <summary>How much memory they may take, in bytes.</summary>
    public const long MaxBytes = 32 * 1024 * 1024;

    /// <summary>How long one is used: what was taken down meanwhile must not go out much later.</summary>
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(5);

    private readonly Dictionary<(long TopicId, long Position, long Target), (Task<ChangeDocument?> Document, long At)> _documents = [];
    private readonly Lock _lock = new();

    /// <summary>The document of these changes.</summary>
    public Task<ChangeDocument?> GetAsync(DueDelivery delivery, CancellationToken cancellationToken)
    {
        var key = (delivery.TopicId, delivery.Position, delivery.Target);
        lock (_lock)
        {
            if (_documents.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < Age && !known.Document.IsFaulted && !known.Document.IsCanceled)
                return known.Document;
            MakeRoom();
            var document = Task.Run(() => renderer.RenderAsync(delivery.Topic, delivery.Position, delivery.Target, cancellationToken), cancellationToken);
            _documents[key] = (document, time.GetTimestamp());
            return document;
        }
    }

    private void MakeRoom()
    {
        long bytes = 0;
        foreach (var (key, (document, at)) in _documents.OrderByDescending(pair => pair.Value.At).ToList())
        {
            bytes += document.IsCompletedSuccessfully ? document.Result?.Body.Length ?? 0 : 0;
            if (bytes > MaxBytes || time.GetElapsedTime(at) >= Age) _documents.Remove(key);
        }
    }
}
