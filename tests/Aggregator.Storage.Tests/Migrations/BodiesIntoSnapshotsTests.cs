using System.Security.Cryptography;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Migrations;
using Xunit;

namespace Aggregator.Storage.Tests.Migrations;

/// <summary>A store that the first release filled, brought up to date.</summary>
public abstract class BodiesIntoSnapshotsTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly DateTimeOffset Published = Now.AddDays(-3);

    protected override bool Migrated => false;

    private ISnapshotStore Snapshots => Get<ISnapshotStore>();

    [Fact]
    public async Task Keeps_every_body_as_a_snapshot_of_the_number_and_time_that_the_entry_had()
    {
        await MigrateToAsync(1);
        var source = await AddOldSourceAsync();
        var first = await AddOldAsync(source, "one", Now.AddHours(2), version: 3, "<p>正文 one</p>");
        var second = await AddOldAsync(source, "two", Now.AddHours(1), version: 1, content: null);

        await Get<IStoreMigrator>().MigrateAsync(Ct);

        var one = (await Entries.FindAsync(first, Ct))!;
        Assert.Equal(("<p>正文 one</p>", 3, 3), (one.Entry.Content, one.Version, one.BodyVersion));
        Assert.Null((await Entries.FindAsync(second, Ct))!.Entry.Content);

        var snapshot = Assert.Single(await Snapshots.ListAsync(first, 0, Ct));
        Assert.Equal((3, SnapshotKind.Feed, Now.AddHours(2), "Title of one"), (snapshot.Number, snapshot.Kind, snapshot.CapturedAt, snapshot.Title));
        Assert.True(snapshot.Id > Assert.Single(await Snapshots.ListAsync(second, 0, Ct)).Id, "Numbers follow the time of capture.");
        var bytes = (await Snapshots.ReadBytesAsync(snapshot.Id, Ct))!.Value;
        Assert.Equal(SHA256.HashData(bytes.Span), snapshot.Sha256.ToArray());
        Assert.Equal("<p>正文 one</p>", SnapshotDocument.Read(bytes.Span).Content);
        Assert.Equal("Old news", SnapshotDocument.Read(bytes.Span).Source!.Title);
    }

    [Fact]
    public async Task Moves_more_bodies_than_one_batch_holds_and_drops_their_table()
    {
        await MigrateToAsync(1);
        var source = await AddOldSourceAsync();
        for (var i = 0; i < 450; i++) await AddOldAsync(source, $"e{i}", Now.AddMinutes(i % 7), version: 1, $"<p>{i}</p>");

        await Get<IStoreMigrator>().MigrateAsync(Ct);

        var entries = await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source), Limit = 500, WithContent = true }, Ct);
        Assert.Equal(450, entries.Count);
        Assert.All(entries, entry => Assert.Equal($"<p>{entry.Entry.Key[1..]}</p>", entry.Entry.Content));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(
            () => Database.ReadAsync(session => session.FindAsync<int>("select count(*) from entry_content"), Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Leaves_hashes_and_keys_that_the_next_refresh_finds_unchanged(bool saysOnlyUpdated)
    {
        await MigrateToAsync(1);
        var source = await AddOldSourceAsync();
        var id = await AddOldAsync(source, "hashed", Now, version: 1, "<p>Text</p>", saysOnlyUpdated);

        await Get<IStoreMigrator>().MigrateAsync(Ct);

        // What the normaliser makes of the same item now.
        var hash = VersionHash.Of("Title of hashed", "<p>Text</p>", "Summary", [new Person("Ann")], saysOnlyUpdated ? null : Published, []);
        var key = EntryKey.Compute(IdentityRule.Everything, null, "https://example.org/hashed", Published, "Title of hashed", hash);
        var known = Assert.Single(await Refreshes.FindKnownAsync(source, [key], [], Ct));
        Assert.Equal((id, Convert.ToHexString(hash)), (known.Id, Convert.ToHexString(known.ContentHash.Span)));
    }

    private async Task MigrateToAsync(int number) =>
        await new StoreMigrator(Database, [.. Migration.For(Provider).Where(migration => migration.Number <= number)], TimeProvider.System).MigrateAsync(Ct);

    private Task<long> AddOldSourceAsync() => Database.WriteAsync(
        session => session.FindAsync<long>(
            """
            insert into source (url, feed_title, state, parser_version, identity_rule, next_fetch_at, failure_count, created_at)
            values ('https://user:secret@example.org/feed', 'Old news', 1, 1, 1, 0, 0, 0) returning id
            """), Ct);

    /// <summary>An entry as the first release wrote it, with a key of the ladder's last rung when it is called "hashed".</summary>
    private Task<long> AddOldAsync(long source, string name, DateTimeOffset capturedAt, int version, string? content, bool saysOnlyUpdated = false)
    {
        var title = "Title of " + name;
        var url = "https://example.org/" + name;
        var hash = FirstContentHash.Hash(title, content, "Summary", [new Person("Ann")], saysOnlyUpdated ? null : Published, []);
        return Database.WriteAsync(
            async session =>
            {
                var id = await session.FindAsync<long>(
                    """
                    insert into entry (source_id, key, url, url_hash, title, summary, authors, published_at, updated_at, content_hash,
                                       first_seen_at, captured_at, last_seen_at, version, sort_at)
                    values (@source, @key, @url, @url_hash, @title, 'Summary', '[{"name":"Ann"}]', @published, @published, @hash, @at, @at, @at, @version, @at)
                    returning id
                    """,
                    new
                    {
                        source,
                        key = name == "hashed" ? EntryKey.Compute(IdentityRule.Everything, null, url, Published, title, hash) : name,
                        url,
                        url_hash = NewEntryRow.HashOf(url),
                        title,
                        published = Published.ToUnixTimeMilliseconds(),
                        hash,
                        at = capturedAt.ToUnixTimeMilliseconds(),
                        version,
                    });
                if (content is not null) await session.ExecuteAsync("insert into entry_content (entry_id, content) values (@id, @content)", new { id, content });
                return id;
            },
            Ct);
    }
}

public sealed class SqliteBodiesIntoSnapshotsTests() : BodiesIntoSnapshotsTests(StoreProvider.Sqlite);

public sealed class PostgreSqlBodiesIntoSnapshotsTests() : BodiesIntoSnapshotsTests(StoreProvider.PostgreSql);
