namespace Aggregator.Core.Stores;

/// <summary>
/// Says in this process, the moment after a commit, that some topic has a new version: what follows from a change need not wait for
/// its next look. It is a hint and no more; changes that other processes make are found by looking.
/// </summary>
public sealed class TopicSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends with the next change. Take it before looking, so that none is missed in between.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Tells everybody who waits.</summary>
    public void Raise() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
