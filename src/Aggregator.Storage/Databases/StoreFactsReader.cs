using Aggregator.Core.Stores;

namespace Aggregator.Storage.Databases;

/// <summary>Reads what the store is from the database itself.</summary>
internal sealed class StoreFactsReader(Database database) : IStoreFacts
{
    private const string Sqlite = """
        select 'SQLite ' || sqlite_version() as name, page_count * page_size as size,
               (select name from schema_migration order by number desc limit 1) as schema
        from pragma_page_count(), pragma_page_size()
        """;

    private const string PostgreSql = """
        select 'PostgreSQL ' || current_setting('server_version') as name, pg_database_size(current_database()) as size,
               (select name from schema_migration order by number desc limit 1) as schema
        """;

    /// <inheritdoc />
    public Task<StoreFacts> ReadAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                var row = await session.FindAsync<FactsRow>(database.Provider == StoreProvider.Sqlite ? Sqlite : PostgreSql);
                return new StoreFacts(row!.Name, row.Size, row.Schema);
            },
            cancellationToken);

    private sealed record FactsRow
    {
        public required string Name { get; init; }
        public required long Size { get; init; }
        public required string Schema { get; init; }
    }
}
