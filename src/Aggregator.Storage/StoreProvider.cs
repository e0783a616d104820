namespace Aggregator.Storage;

/// <summary>The database that holds the store.</summary>
public enum StoreProvider
{
    /// <summary>One SQLite file, owned by one process.</summary>
    Sqlite = 1,

    /// <summary>PostgreSQL, shared by as many processes as there are.</summary>
    PostgreSql = 2,
}
