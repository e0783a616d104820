namespace Aggregator.Core.Stores;

/// <summary>One page of a topic's archive: a range of its changes that never becomes another one.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="After">The last number of the page before it; 0 of the first.</param>
/// <param name="Until">Its own last number; null of the page that is being filled.</param>
/// <param name="Given">The last number that was given in any topic.</param>
public sealed record ArchivePage(int Number, long After, long? Until, long Given)
{
    /// <summary>How many entries and tombstones a page holds.</summary>
    public const int Size = 50;
}
