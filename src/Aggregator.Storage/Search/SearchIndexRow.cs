namespace Aggregator.Storage.Search;

/// <summary>A document on its way into the index.</summary>
/// <param name="Id">The entry's or the snapshot's number.</param>
/// <param name="Version">The version that the entry had when it was read: what has another by now waits again.</param>
/// <param name="Terms">Its terms.</param>
internal sealed record SearchIndexRow(long Id, int Version, DocumentTerms Terms);
