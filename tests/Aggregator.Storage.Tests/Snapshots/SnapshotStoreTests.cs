using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Snapshots;

public abstract class SnapshotStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private ISnapshotStore Snapshots => Get<ISnapshotStore>();

    [Fact]
    public async Task Keeps_a_snapshot_of_every_change_of_an_entry_and_says_in_what_it_differs()
    {
        var source = await AddSourceAsync("https://user:secret@example.org/feed?token=0123456789abcdef");
        var entry = Hashed("one", Now.AddDays(-1));
        var id = (await RefreshAsync(source, Now, entry))["one"];
        await ChangeAsync(source, id, Now.AddHours(1), Hashed(entry with { Title = "Another title" }));
        await ChangeAsync(source, id, Now.AddHours(2), Hashed(entry with { Title = "Another title", Content = "<p>Another body</p>", Authors = [new Person("Ann", "ann@example.org")] }));

        var snapshots = await Snapshots.ListAsync(id, 0, Ct);

        Assert.Equal([1, 2, 3], snapshots.Select(snapshot => snapshot.Number));
        Assert.Equal([Now, Now.AddHours(1), Now.AddHours(2)], snapshots.Select(snapshot => snapshot.CapturedAt));
        Assert.Equal([SnapshotChanges.None, SnapshotChanges.Title, SnapshotChanges.Body | SnapshotChanges.Authors], snapshots.Select(snapshot => snapshot.Changes));
        Assert.Equal(["Title of one", "Another title", "Another title"], snapshots.Select(snapshot => snapshot.Title));
        Assert.All(snapshots, snapshot => Assert.Equal((SnapshotKind.Feed, true, Now.AddDays(-1)), (snapshot.Kind, snapshot.IsKept, snapshot.PublishedAt!.Value)));
        Assert.Equal([2, 3], (await Snapshots.ListAsync(id, 1, Ct)).Select(snapshot => snapshot.Number));
        Assert.Equal([3, 2], (await Snapshots.ListLastAsync(id, 2, Ct)).Select(snapshot => snapshot.Number));

        var bodies = new List<string?>();
        foreach (var snapshot in snapshots)
        {
            var bytes = (await Snapshots.ReadBytesAsync(snapshot.Id, Ct))!.Value;
            Assert.Equal(SHA256.HashData(bytes.Span), snapshot.Sha256.ToArray());
            Assert.DoesNotContain("secret", Encoding.UTF8.GetString(bytes.Span), StringComparison.Ordinal);
            Assert.DoesNotContain("0123456789abcdef", Encoding.UTF8.GetString(bytes.Span), StringComparison.Ordinal);
            Assert.DoesNotContain("ann@", Encoding.UTF8.GetString(bytes.Span), StringComparison.Ordinal);
            var document = (await Snapshots.ReadDocumentAsync(snapshot.Id, Ct))!;
            Assert.Equal((snapshot.CapturedAt, snapshot.Kind, snapshot.Title), (document.CapturedAt, document.Kind, document.Title));
            bodies.Add(document.Content);
        }

        Assert.Equal(["<p>Content of one</p>", "<p>Content of one</p>", "<p>Another body</p>"], bodies);
        var shown = (await Entries.FindAsync(id, Ct))!;
        Assert.Equal(("<p>Another body</p>", 3, 3), (shown.Entry.Content, shown.Version, shown.BodyVersion));
    }

    [Fact]
    public async Task Keeps_how_a_capture_came()
    {
        var source = await AddSourceAsync();
        var facts = new CaptureFacts("https://example.org/moved", 200, "W/\"x\"", "Sun, 01 Mar 2026 07:00:00 GMT");
        await SaveAsync(source, Now, write => write with { Added = [Hashed("one")], Facts = facts });
        var id = Assert.Single(await Refreshes.FindKnownAsync(source, ["one"], [], Ct)).Id;
        await SaveAsync(source, Now.AddHours(1), write => write with { Changed = [(id, Hashed(AnEntry("one") with { Title = "2" }))], Facts = facts with { ETag = "y" } });

        var snapshots = await Snapshots.ListAsync(id, 0, Ct);

        Assert.Equal([facts, facts with { ETag = "y" }], snapshots.Select(one => new CaptureFacts(one.FinalUrl, one.Status, one.ETag, one.LastModified)));
    }

    [Fact]
    public async Task Never_has_two_snapshots_of_an_entry_in_one_second_or_out_of_order()
    {
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now.AddMilliseconds(700), Hashed("one")))["one"];
        await ChangeAsync(source, id, Now.AddMilliseconds(900), Hashed(AnEntry("one") with { Title = "2" }));
        await ChangeAsync(source, id, Now.AddMinutes(-5), Hashed(AnEntry("one") with { Title = "3" }));
        await ChangeAsync(source, id, Now.AddSeconds(3).AddMilliseconds(5), Hashed(AnEntry("one") with { Title = "4" }));

        var snapshots = await Snapshots.ListAsync(id, 0, Ct);

        Assert.Equal([Now.AddMilliseconds(700), Now.AddSeconds(1), Now.AddSeconds(2), Now.AddSeconds(3).AddMilliseconds(5)], snapshots.Select(snapshot => snapshot.CapturedAt));
        foreach (var snapshot in snapshots)
        {
            var bytes = (await Snapshots.ReadBytesAsync(snapshot.Id, Ct))!.Value;
            Assert.Equal(SHA256.HashData(bytes.Span), snapshot.Sha256.ToArray());
            Assert.Equal(snapshot.CapturedAt, SnapshotDocument.Read(bytes.Span).CapturedAt);
        }
    }

    [Fact]
    public async Task Finds_snapshots_by_number_second_and_nearness()
    {
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now.AddMilliseconds(300), Hashed("one")))["one"];
        await ChangeAsync(source, id, Now.AddHours(1), Hashed(AnEntry("one") with { Title = "2" }));
        await ChangeAsync(source, id, Now.AddHours(2).AddMilliseconds(999), Hashed(AnEntry("one") with { Title = "3" }));
        await RefreshAsync(source, Now.AddHours(3), Hashed("other"));

        Assert.Equal(2, (await Snapshots.FindAsync(id, 2, Ct))!.Number);
        Assert.Null(await Snapshots.FindAsync(id, 4, Ct));
        Assert.Equal(1, (await Snapshots.FindAtAsync(id, Now, Ct))!.Number);
        Assert.Equal(3, (await Snapshots.FindAtAsync(id, Now.AddHours(2).AddMilliseconds(1), Ct))!.Number);
        Assert.Null(await Snapshots.FindAtAsync(id, Now.AddHours(2).AddSeconds(1), Ct));
        Assert.Equal(1, await NearestAsync(Now.AddYears(-1)));
        Assert.Equal(1, await NearestAsync(Now));
        Assert.Equal(1, await NearestAsync(Now.AddHours(1).AddSeconds(-1)));
        Assert.Equal(2, await NearestAsync(Now.AddHours(1)));
        Assert.Equal(3, await NearestAsync(Now.AddHours(2)));
        Assert.Equal(3, await NearestAsync(Now.AddYears(10)));

        // A text that is no longer kept answers nobody.
        await Database.WriteAsync(session => session.ExecuteAsync("delete from snapshot_document where snapshot_id in (select id from snapshot where number in (1, 2) and entry_id = @id)", new { id }), Ct);
        Assert.Equal(3, await NearestAsync(Now.AddHours(1)));
        Assert.False((await Snapshots.FindAsync(id, 2, Ct))!.IsKept);
        Assert.Null(await Snapshots.ReadDocumentAsync((await Snapshots.FindAsync(id, 2, Ct))!.Id, Ct));

        async Task<int> NearestAsync(DateTimeOffset at) => (await Snapshots.NearestAsync(id, at, Ct))!.Number;
    }

    [Fact]
    public async Task Finds_entries_by_their_link_in_every_source()
    {
        var one = (await RefreshAsync(await AddSourceAsync("https://example.org/a"), Now, Hashed("x")))["x"];
        var two = (await RefreshAsync(await AddSourceAsync("https://example.org/b"), Now, Hashed("x"), Hashed("y")))["x"];

        Assert.Equal([one, two], await Snapshots.FindEntriesByUrlAsync("https://example.org/x", Ct));
        Assert.Empty(await Snapshots.FindEntriesByUrlAsync("https://example.org/X", Ct));
    }

    [Fact]
    public async Task Keeps_a_captured_page_shows_its_body_and_raises_the_topics()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var id = (await RefreshAsync(source, Now, Hashed("one")))["one"];
        var before = await Entries.VersionAsync(Topic.Category(category), Ct);

        Assert.Equal(PageAddition.Added, await Snapshots.AddPageAsync(APage(id, Now.AddHours(1), "<p>Whole text</p>"), Ct));
        Assert.Equal(PageAddition.Unchanged, await Snapshots.AddPageAsync(APage(id, Now.AddHours(2), "<p>Whole\n text</p>"), Ct));
        Assert.Equal(PageAddition.EntryGone, await Snapshots.AddPageAsync(APage(id + 1, Now.AddHours(2), "<p>Text</p>"), Ct));
        Assert.Equal(before.Number + 1, (await Entries.VersionAsync(Topic.Category(category), Ct)).Number);

        // The feed goes on by itself, and the page stays the body.
        await ChangeAsync(source, id, Now.AddHours(3), Hashed(AnEntry("one") with { Title = "New title" }));
        Assert.Equal(PageAddition.Added, await Snapshots.AddPageAsync(APage(id, Now.AddHours(4), "<p>Whole text, edited</p>"), Ct));
        await ChangeAsync(source, id, Now.AddHours(5), Hashed(AnEntry("one") with { Title = "Newer title" }));

        var entry = (await Entries.FindAsync(id, Ct))!;
        Assert.Equal(("Newer title", "<p>Whole text, edited</p>", 5, 4, Now.AddHours(5)), (entry.Entry.Title, entry.Entry.Content, entry.Version, entry.BodyVersion, entry.CapturedAt));
        var snapshots = await Snapshots.ListAsync(id, 0, Ct);
        Assert.Equal([SnapshotKind.Feed, SnapshotKind.Page, SnapshotKind.Feed, SnapshotKind.Page, SnapshotKind.Feed], snapshots.Select(snapshot => snapshot.Kind));
        Assert.Equal(
            [SnapshotChanges.None, SnapshotChanges.None, SnapshotChanges.Title, SnapshotChanges.Body, SnapshotChanges.Title], snapshots.Select(snapshot => snapshot.Changes));
        Assert.Equal([new Credit("责任编辑", "李明")], (await Snapshots.ReadDocumentAsync(snapshots[1].Id, Ct))!.Credits);
    }

    [Fact]
    public async Task Numbers_the_versions_of_refreshes_and_captures_that_run_at_once_without_a_gap()
    {
        const int Rounds = 15;
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, Hashed("one")))["one"];

        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 0; i < Rounds; i++) await ChangeAsync(source, id, Now.AddSeconds(i * 2), Hashed(AnEntry("one") with { Title = $"{i}" }));
            }, Ct),
            Task.Run(async () =>
            {
                for (var i = 0; i < Rounds; i++) await Snapshots.AddPageAsync(APage(id, Now.AddSeconds(i * 2), $"<p>{i}</p>"), Ct);
            }, Ct));

        var snapshots = await Snapshots.ListAsync(id, 0, Ct);
        Assert.Equal(Enumerable.Range(1, 1 + 2 * Rounds), snapshots.Select(snapshot => snapshot.Number));
        Assert.Equal(snapshots.Count, snapshots.Select(snapshot => snapshot.CapturedAt.ToUnixTimeSeconds()).Distinct().Count());
        foreach (var snapshot in snapshots) Assert.Equal(SHA256.HashData((await Snapshots.ReadBytesAsync(snapshot.Id, Ct))!.Value.Span), snapshot.Sha256.ToArray());
    }

    [Fact]
    public async Task Keeps_the_snapshots_of_an_entry_that_expired_without_their_texts()
    {
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, Hashed("one")))["one"];
        await RefreshAsync(source, Now.AddDays(10));
        Assert.Equal(1, await ForgetAsync(Now.AddDays(9), Now.AddDays(10)));

        var snapshot = Assert.Single(await Snapshots.ListAsync(id, 0, Ct));
        Assert.False(snapshot.IsKept);
        Assert.Null(await Snapshots.ReadBytesAsync(snapshot.Id, Ct));
    }

    private Task<bool> ChangeAsync(long source, long id, DateTimeOffset at, Entry entry) =>
        SaveAsync(source, at, write => write with { Changed = [(id, entry)] });

    private static PageSnapshotWrite APage(long entryId, DateTimeOffset at, string content) => new()
    {
        EntryId = entryId,
        Document = new SnapshotDocument
        {
            Kind = SnapshotKind.Page,
            CapturedAt = at,
            Title = "Title of the page",
            Content = content,
            Credits = [new Credit("责任编辑", "李明")],
            Site = "滨海日报",
        },
        Facts = new CaptureFacts("https://example.org/page", 200),
    };

    private static Entry Hashed(string key, DateTimeOffset? publishedAt = null) => Hashed(AnEntry(key, publishedAt));

    private static Entry Hashed(Entry entry) => entry with
    {
        ContentHash = VersionHash.Of(entry.Title, entry.Content, entry.Summary, entry.Authors, entry.PublishedAt, entry.Enclosures),
    };
}

public sealed class SqliteSnapshotStoreTests() : SnapshotStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSnapshotStoreTests() : SnapshotStoreTests(StoreProvider.PostgreSql);
