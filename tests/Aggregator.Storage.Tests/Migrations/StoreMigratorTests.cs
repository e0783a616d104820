using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Storage.Tests.Migrations;

public abstract class StoreMigratorTests(StoreProvider provider) : StoreTests(provider)
{
    protected override bool Migrated => false;

    private IStoreMigrator Migrator => Get<IStoreMigrator>();

    [Fact]
    public async Task Runs_what_is_missing_in_order_and_once()
    {
        var ran = await Migrator.MigrateAsync(Ct);

        Assert.Equal(Migration.For(Provider).Select(migration => migration.Name), ran);
        Assert.Empty(await Migrator.MigrateAsync(Ct));
        Assert.Empty(await Categories.ListAsync(Ct));
    }

    [Fact]
    public async Task Runs_each_migration_once_when_several_processes_start_together()
    {
        var processes = Enumerable.Range(0, 4).Select(_ => Compose()).ToList();

        var ran = await Task.WhenAll(processes.Select(process =>
            Task.Run(() => process.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct), Ct)));

        Assert.Equal(Migration.For(Provider).Select(migration => migration.Name), ran.SelectMany(names => names).Order(StringComparer.Ordinal));
        foreach (var process in processes) await process.DisposeAsync();
    }

    [Fact]
    public async Task A_store_of_the_first_version_keeps_its_sources_and_reads_each_once_more_to_learn_its_rhythm()
    {
        await new StoreMigrator(Database, [Migration.For(Provider)[0]], TimeProvider.System).MigrateAsync(Ct);
        await ExecuteAsync("""
            insert into source (url, state, parser_version, identity_rule, next_fetch_at, failure_count, created_at, etag, typical_gap, newest_at)
            values ('https://example.org/feed', 1, 5, 1, 7000, 0, 0, 'x', 3600000, 1)
            """);

        await Migrator.MigrateAsync(Ct);

        var source = Assert.Single(await Sources.ListAsync(0, 10, Ct)).Source;
        Assert.Equal(("https://example.org/feed", "x", 0, false), (source.Url, source.Validators.ETag, source.Validators.ParserVersion, source.Rhythm.IsKnown));
        Assert.Equal(new PollingHints(), source.Hints);
    }

    [Fact]
    public async Task Refuses_a_store_that_is_newer_than_the_program_and_says_what_to_do()
    {
        await Migrator.MigrateAsync(Ct);
        await ExecuteAsync("insert into schema_migration (number, name, checksum, applied_at) values (9999, '9999_future', 'x', 0)");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Migrator.MigrateAsync(Ct));

        Assert.Contains("9999_future", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Run that version or a later one", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_store_whose_migration_had_another_text_and_says_what_to_do()
    {
        await Migrator.MigrateAsync(Ct);
        await ExecuteAsync("update schema_migration set checksum = 'x' where number = 1");

        var refusal = await Assert.ThrowsAsync<StoreSchemaException>(() => Migrator.MigrateAsync(Ct));

        Assert.Contains("0001_initial", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("restore a backup", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_nothing_of_a_migration_that_fails_and_keeps_those_before_it()
    {
        Migration[] migrations =
        [
            new(1, "0001_good", "create table good (id integer primary key);"),
            new(2, "0002_bad", "create table half (id integer primary key); insert into absent values (1);"),
        ];

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => new StoreMigrator(Database, migrations, TimeProvider.System).MigrateAsync(Ct));

        Assert.Equal(["0001_good"], await Database.ReadAsync(session => session.ListAsync<string>("select name from schema_migration"), Ct));
        await ExecuteAsync("insert into good values (1)");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => ExecuteAsync("insert into half values (1)"));

        // Mended, it runs from where it stopped.
        migrations[1] = migrations[1] with { Script = "create table half (id integer primary key);" };
        Assert.Equal(["0002_bad"], await new StoreMigrator(Database, migrations, TimeProvider.System).MigrateAsync(Ct));
    }

    private Task<int> ExecuteAsync(string statement) => Database.WriteAsync(session => session.ExecuteAsync(statement), Ct);
}

public sealed class SqliteStoreMigratorTests() : StoreMigratorTests(StoreProvider.Sqlite);

public sealed class PostgreSqlStoreMigratorTests() : StoreMigratorTests(StoreProvider.PostgreSql)
{
    [Fact]
    public async Task Makes_the_same_tables_and_columns_as_on_sqlite()
    {
        await Get<IStoreMigrator>().MigrateAsync(Ct);
        using var folder = new Aggregator.Testing.TemporaryFolder();
        await using var sqlite = new ServiceCollection().AddAggregatorStore("Data Source=" + folder.File("store.db")).BuildServiceProvider();
        await sqlite.GetRequiredService<IStoreMigrator>().MigrateAsync(Ct);

        // What is searched stands in each database's own kind of index.
        var here = await Database.ReadAsync(
            session => session.ListAsync<string>(
                """
                select table_name || '.' || column_name || case is_nullable when 'NO' then ' not null' else '' end
                from information_schema.columns where table_schema = 'public' and table_name not in ('source_text', 'related_vector')
                """),
            Ct);
        var there = await sqlite.GetRequiredService<Aggregator.Storage.Databases.Database>().ReadAsync(
            session => session.ListAsync<string>(
                """
                select m.name || '.' || c.name || case when c."notnull" or c.pk then ' not null' else '' end
                from sqlite_master as m join pragma_table_xinfo(m.name) as c
                where m.type = 'table' and m.name not like 'sqlite_%' and m.name not like 'source_text%' and m.name not like 'related_index%' and m.name <> 'related_vector'
                """),
            Ct);

        Assert.Equal(there.Order(StringComparer.Ordinal), here.Order(StringComparer.Ordinal));
        Assert.Equal(
            await sqlite.GetRequiredService<Aggregator.Storage.Databases.Database>().ReadAsync(
                session => session.ListAsync<string>("select name from sqlite_master where type = 'index' and sql is not null order by name"), Ct),
            await Database.ReadAsync(
                session => session.ListAsync<string>(
                    "select indexname from pg_indexes where schemaname = 'public' and indexname not like '%_key' and indexname not like '%_pkey' and tablename not in ('source_text', 'related_vector') order by indexname collate \"C\""),
                Ct));
    }
}
