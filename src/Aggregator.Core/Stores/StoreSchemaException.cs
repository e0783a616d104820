namespace Aggregator.Core.Stores;

/// <summary>The store's schema is not one that this program can use. The message says what to do.</summary>
public sealed class StoreSchemaException(string message) : Exception(message);
