namespace Aggregator.Server.Hosting;

/// <summary>Where Hangfire keeps its jobs.</summary>
internal enum JobStorageKind
{
    /// <summary>In this process; a restart forgets them.</summary>
    Memory,

    /// <summary>In <c>jobs.db</c> in the data folder.</summary>
    Sqlite,

    /// <summary>In the schema <c>hangfire</c> of the store's database.</summary>
    PostgreSql,
}
