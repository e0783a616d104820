namespace Aggregator.Core.Stores;

/// <summary>What became of a source to add.</summary>
/// <param name="Id">The source's number, new or old.</param>
/// <param name="IsNew">True too when it had been deleted and is back now. False when its address was there already: then nothing of it was changed.</param>
public sealed record AddedSource(long Id, bool IsNew);
