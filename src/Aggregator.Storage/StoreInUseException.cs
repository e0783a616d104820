namespace Aggregator.Storage;

/// <summary>Another process owns the SQLite store. The message names the lock file and says what to do.</summary>
public sealed class StoreInUseException(string message, Exception innerException) : Exception(message, innerException);
