using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Migrations;

/// <summary>Runs the embedded migrations.</summary>
internal sealed class StoreMigrator(Database database, IReadOnlyList<Migration> migrations, TimeProvider timeProvider) : IStoreMigrator
{
    private const string CreateJournal = """
        create table if not exists schema_migration (
            number      integer not null primary key,
            name        text    not null,
            checksum    text    not null,
            applied_at  bigint  not null
        )
        """;

    private const string Journal = "select number, name, checksum from schema_migration order by number";

    private const string SqliteJournals = "select count(*) from sqlite_master where type = 'table' and name = 'schema_migration'";

    private const string PostgreSqlJournals = "select count(*) from pg_tables where schemaname = current_schema() and tablename = 'schema_migration'";

    private const string Record = """
        insert into schema_migration (number, name, checksum, applied_at) values (@Number, @Name, @Checksum, @AppliedAt)
        """;

    public StoreMigrator(Database database, TimeProvider timeProvider)
        : this(database, Migration.For(database.Provider), timeProvider)
    {
    }

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        var ran = new List<string>();

        // One transaction and one look at the journal for each: another process may be migrating too, and takes turns with us.
        while (await database.WriteAloneAsync(RunNextAsync, cancellationToken) is { } name) ran.Add(name);
        return ran;
    }

    /// <inheritdoc />
    public Task<bool> IsCurrentAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session =>
            {
                if (await session.FindAsync<long>(database.Provider == StoreProvider.Sqlite ? SqliteJournals : PostgreSqlJournals) == 0) return false;
                var applied = await session.ListAsync<AppliedMigration>(Journal);
                for (var i = 0; i < applied.Count; i++) Check(applied[i], i < migrations.Count ? migrations[i] : null);
                return applied.Count == migrations.Count;
            },
            cancellationToken);

    private async Task<string?> RunNextAsync(StoreSession session)
    {
        await session.ExecuteAsync(CreateJournal);
        var applied = await session.ListAsync<AppliedMigration>(Journal);
        for (var i = 0; i < applied.Count; i++) Check(applied[i], i < migrations.Count ? migrations[i] : null);
        if (applied.Count == migrations.Count) return null;

        var next = migrations[applied.Count];
        await session.ExecuteAsync(next.Script);
        if (next.Step is not null) await next.Step(session);
        await session.ExecuteAsync(Record, new { next.Number, next.Name, next.Checksum, AppliedAt = timeProvider.GetUtcNow().ToUnixTimeMilliseconds() });
        return next.Name;
    }

    private static void Check(AppliedMigration applied, Migration? known)
    {
        if (known is null)
            throw new StoreSchemaException(
                $"The store has migration {applied.Name}, which this program does not know: a newer version made it. "
                + "Run that version or a later one, or restore a backup from before the upgrade.");
        if (applied.Number != known.Number || applied.Checksum != known.Checksum)
            throw new StoreSchemaException(
                $"The store was made with another text of migration {applied.Name} than this program's {known.Name}. "
                + "Run a released version of the program, or restore a backup that it made; a migration that has run must never be edited.");
    }

    private sealed record AppliedMigration
    {
        public required int Number { get; init; }
        public required string Name { get; init; }
        public required string Checksum { get; init; }
    }
}
