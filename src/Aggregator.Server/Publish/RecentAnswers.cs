namespace Aggregator.Server.Publish;

/// <summary>
/// Answers of the store that are taken for true for <see cref="StoreTrust.Interval"/>, or until something is changed through this process
/// (<see cref="StoreTrust"/>). Those who ask for the same at once are answered by one question.
/// </summary>
/// <param name="ask">Asks the store; null when there is nothing of that key.</param>
/// <param name="trust">Says when answers end early.</param>
/// <param name="time">The clock.</param>
internal sealed class RecentAnswers<TKey, TAnswer>(Func<TKey, CancellationToken, Task<TAnswer?>> ask, StoreTrust trust, TimeProvider time) : IDisposable
    where TKey : notnull
    where TAnswer : class
{
    /// <summary>How many answers are remembered. That there is nothing never is, so nobody can fill this with nonsense.</summary>
    private const int MaxAnswers = 100_000;

    private readonly BoundedCache<TKey, Answer> _answers = new(MaxAnswers, static _ => 1, time);
    private readonly SingleFlight<(TKey Key, long Epoch), TAnswer?> _questions = new();

    /// <summary>The answer that is remembered, with the timestamp of its question; null when it is too old or there is none.</summary>
    public (TAnswer Value, long AskedAt)? Find(TKey key) =>
        _answers.TryGet(key, out var answer) && answer.Epoch == trust.Epoch && time.GetElapsedTime(answer.AskedAt) < StoreTrust.Interval ? (answer.Value, answer.AskedAt) : null;

    /// <summary>The answer, at most <see cref="StoreTrust.Interval"/> old.</summary>
    public ValueTask<TAnswer?> GetAsync(TKey key, CancellationToken cancellationToken) =>
        Find(key) is var (value, _) ? ValueTask.FromResult<TAnswer?>(value) : AskAsync(key, cancellationToken);

    /// <summary>Asks the store, and remembers nothing: for keys of which there is no end.</summary>
    public ValueTask<TAnswer?> GetAnewAsync(TKey key, CancellationToken cancellationToken) =>
        new(_questions.RunAsync((key, trust.Epoch), stopping => ask(key, stopping), cancellationToken));

    /// <inheritdoc/>
    public void Dispose() => _questions.Dispose();

    private ValueTask<TAnswer?> AskAsync(TKey key, CancellationToken cancellationToken) =>
        new(_questions.RunAsync((key, trust.Epoch), stopping => RememberAsync(key, stopping), cancellationToken));

    private async Task<TAnswer?> RememberAsync(TKey key, CancellationToken stopping)
    {
        // The time before the question: the answer may be that old.
        var (asked, epoch) = (time.GetTimestamp(), trust.Epoch);
        var value = await ask(key, stopping);
        if (value is null) _answers.Remove(key);
        else _answers.Set(key, new Answer(value, asked, epoch));
        return value;
    }

    private sealed record Answer(TAnswer Value, long AskedAt, long Epoch);
}
