namespace Aggregator.Core.Stores;

/// <summary>A source that has an address which somebody wants to add.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Url">Its address.</param>
/// <param name="Title">What to call it.</param>
/// <param name="IsDeleted">Whether it was deleted and can come back.</param>
public sealed record KnownAddress(long Id, string Url, string Title, bool IsDeleted);
