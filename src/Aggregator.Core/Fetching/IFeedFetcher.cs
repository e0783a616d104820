namespace Aggregator.Core.Fetching;

/// <summary>Fetches documents of one or more address schemes.</summary>
public interface IFeedFetcher
{
    /// <summary>Fetches one document. What can go wrong outside comes back as a value.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken);
}
