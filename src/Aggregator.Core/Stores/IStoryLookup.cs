namespace Aggregator.Core.Stores;

/// <summary>Tells which entries are one story. What is related to an article is another story.</summary>
public interface IStoryLookup
{
    /// <summary>The numbers of the stories of these entries; an entry that tells its story alone may be missing.</summary>
    Task<IReadOnlyDictionary<long, long>> FindStoriesAsync(IReadOnlyCollection<long> entryIds, CancellationToken cancellationToken);
}
