namespace Aggregator.Core.Stores;

/// <summary>What the store is, for an admin.</summary>
/// <param name="Database">The database and its version: <c>SQLite 3.50.4</c>.</param>
/// <param name="SizeBytes">How large it is, in bytes.</param>
/// <param name="Schema">The newest migration that has run.</param>
public sealed record StoreFacts(string Database, long SizeBytes, string Schema);
