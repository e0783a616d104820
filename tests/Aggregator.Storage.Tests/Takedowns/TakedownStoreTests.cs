using System.Globalization;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Npgsql;
using Xunit;

namespace Aggregator.Storage.Tests.Takedowns;

public abstract class TakedownStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private protected static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private protected ITakedownStore Takedowns => Get<ITakedownStore>();

    private ISnapshotStore Snapshots => Get<ISnapshotStore>();

    [Fact]
    public async Task Keeps_a_request_with_what_the_article_was_called()
    {
        var id = (await RefreshAsync(await AddSourceAsync(), Now, AnEntry("one")))["one"];

        var number = await FileAsync(id);

        var request = Assert.Single(await Takedowns.ListAsync(open: true, null, 10, Ct));
        Assert.Equal(
            (number, id, "Title of one", "https://example.org/one", TakedownReason.Privacy, "I am in it\uFFFD", null, Now, TakedownState.Open),
            (request.Id, request.EntryId, request.Title, request.Url, request.Reason, request.Message, request.Contact, request.ReceivedAt, request.State));
        Assert.Empty(await Takedowns.ListAsync(open: false, null, 10, Ct));
        Assert.Empty(await Takedowns.ListAsync(open: true, number, 10, Ct));
        Assert.IsType<TakedownFiling.NoSuchEntry>(await Takedowns.FileAsync(new NewTakedownRequest(id + 9, TakedownReason.Other, null, null), Now, Ct));
        await Assert.ThrowsAsync<ArgumentException>(() => Takedowns.FileAsync(new NewTakedownRequest(id, TakedownReason.Other, new string('x', 4_001), null), Now, Ct));
    }

    [Fact]
    public async Task Takes_an_article_out_of_everything_and_raises_its_topics()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var ids = await RefreshAsync(source, Now, AnEntry("one"), AnEntry("two"));
        var number = await FileAsync(ids["one"]);
        Topic[] topics = [Topic.Everything, Topic.Category(category), Topic.Source(source)];
        var before = await VersionsAsync(topics);

        Assert.Equal(TakedownOutcome.Done, await ApproveAsync(number, Now.AddHours(1), isLegal: true));

        Assert.Null(await Entries.FindAsync(ids["one"], Ct));
        foreach (var topic in topics)
        {
            Assert.Equal([ids["two"]], (await Entries.ListAsync(new EntryQuery { Topic = topic, Limit = 10 }, Ct)).Select(entry => entry.Id));
            Assert.Equal([ids["one"]], (await Takedowns.ListTombstonesAsync(topic, Now, Ct)).Select(tombstone => tombstone.EntryId));
            Assert.Empty(await Takedowns.ListTombstonesAsync(topic, Now.AddHours(1), Ct));
        }

        Assert.All(before.Zip(await VersionsAsync(topics)), pair => Assert.True(pair.First < pair.Second));
        Assert.Equal(new Tombstone(ids["one"], true, Now.AddHours(1), Now.AddHours(1) + Grace, null), await Takedowns.FindTombstoneAsync(ids["one"], Ct));
        Assert.Null(await Takedowns.FindTombstoneAsync(ids["two"], Ct));
        var request = Assert.Single(await Takedowns.ListAsync(open: false, null, 10, Ct));
        Assert.Equal((TakedownState.Approved, "noted", "ann", ids["one"]), (request.State, request.Note, request.DecidedBy, request.Tombstone!.EntryId));

        // The fact and the hash stay.
        Assert.Equal([1], (await Snapshots.ListAsync(ids["one"], 0, Ct)).Select(snapshot => snapshot.Number));
        Assert.Equal(TakedownOutcome.AlreadyDecided, await ApproveAsync(number, Now.AddHours(2)));
        Assert.Equal(TakedownOutcome.AlreadyDecided, await Takedowns.RefuseAsync(number, null, "ann", Now, Ct));
        Assert.Equal(TakedownOutcome.NotFound, await ApproveAsync(number + 1, Now));
        Assert.Equal(TakedownOutcome.NotFound, await Takedowns.RefuseAsync(number + 1, null, "ann", Now, Ct));
        Assert.IsType<TakedownFiling.NoSuchEntry>(await Takedowns.FileAsync(new NewTakedownRequest(ids["one"], TakedownReason.Other, null, null), Now, Ct));
    }

    [Fact]
    public async Task Lets_an_article_stay()
    {
        var id = (await RefreshAsync(await AddSourceAsync(), Now, AnEntry("one")))["one"];
        var number = await FileAsync(id);

        Assert.Equal(TakedownOutcome.Done, await Takedowns.RefuseAsync(number, "no reason", "ann", Now.AddHours(1), Ct));

        Assert.NotNull(await Entries.FindAsync(id, Ct));
        var request = Assert.Single(await Takedowns.ListAsync(open: false, null, 10, Ct));
        Assert.Equal((TakedownState.Refused, "no reason", Now.AddHours(1), "ann", null), (request.State, request.Note, request.DecidedAt, request.DecidedBy, request.Tombstone));
        Assert.Equal(TakedownOutcome.AlreadyDecided, await Takedowns.UndoAsync(number, Now, Ct));
    }

    [Fact]
    public async Task Forgets_what_visitors_wrote_in_refused_requests_when_their_time_is_over()
    {
        var ids = await RefreshAsync(await AddSourceAsync(), Now, AnEntry("one"), AnEntry("two"), AnEntry("three"));
        var old = await FileAsync(ids["one"]);
        var young = await FileAsync(ids["two"]);
        var open = await FileAsync(ids["three"]);
        await Takedowns.RefuseAsync(old, "no reason", "ann", Now.AddDays(1), Ct);
        await Takedowns.RefuseAsync(young, null, "ann", Now.AddDays(5), Ct);

        Assert.Equal(1, await Takedowns.PurgeRefusedAsync(Now.AddDays(2), Ct));
        Assert.Equal(0, await Takedowns.PurgeRefusedAsync(Now.AddDays(2), Ct));

        var decided = await Takedowns.ListAsync(open: false, null, 10, Ct);
        Assert.Equal([young, old], decided.Select(request => request.Id));
        Assert.Equal("I am in it\uFFFD", decided[0].Message);
        Assert.Equal(
            (ids["one"], null, null, null, null, TakedownState.Refused, "no reason", "ann"),
            (decided[1].EntryId, decided[1].Title, decided[1].Url, decided[1].Message, decided[1].Contact, decided[1].State, decided[1].Note, decided[1].DecidedBy));
        Assert.Equal(open, Assert.Single(await Takedowns.ListAsync(open: true, null, 10, Ct)).Id);
    }

    [Fact]
    public async Task Knows_the_link_of_what_was_taken_down_by_its_hash_alone()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, AnEntry("one"), AnEntry("two"));
        Assert.Null(await Takedowns.FindTombstoneByUrlAsync("https://example.org/one", Ct));

        var number = await FileAsync(ids["one"]);
        await ApproveAsync(number, Now, isLegal: true);

        foreach (var url in (string[])["https://example.org/one", "http://example.org/one", "https://example.org/one/"])
            Assert.Equal((ids["one"], true), (await Takedowns.FindTombstoneByUrlAsync(url, Ct)) is { } found ? (found.EntryId, found.IsLegal) : default);
        Assert.Null(await Takedowns.FindTombstoneByUrlAsync("https://example.org/two", Ct));

        await Takedowns.PurgeAsync(Now + Grace, Ct);
        Assert.NotNull((await Takedowns.FindTombstoneByUrlAsync("https://example.org/one", Ct))!.PurgedAt);
        await AssertNotInFilesAsync("https://example.org/one");
    }

    [Fact]
    public async Task Takes_the_same_article_of_other_sources_down_with_it_and_decides_their_requests()
    {
        var one = (await RefreshAsync(await AddSourceAsync("https://example.org/a"), Now, AnEntry("x")))["x"];
        var two = (await RefreshAsync(await AddSourceAsync("https://example.org/b"), Now, AnEntry("x"), AnEntry("y")))["x"];
        var number = await FileAsync(one);
        var other = await FileAsync(two);

        Assert.Equal(TakedownOutcome.Done, await ApproveAsync(number, Now));

        Assert.NotNull(await Takedowns.FindTombstoneAsync(two, Ct));
        Assert.Empty(await Takedowns.ListAsync(open: true, null, 10, Ct));

        // Undone from either of the two requests, both come back.
        Assert.Equal(TakedownOutcome.Done, await Takedowns.UndoAsync(other, Now, Ct));
        Assert.NotNull(await Entries.FindAsync(one, Ct));
        Assert.NotNull(await Entries.FindAsync(two, Ct));
        Assert.Equal([other, number], (await Takedowns.ListAsync(open: true, null, 10, Ct)).Select(request => request.Id));
    }

    [Fact]
    public async Task A_link_that_many_entries_of_a_source_share_names_no_article()
    {
        var source = await AddSourceAsync();
        var home = "https://example.org/";
        var ids = await RefreshAsync(source, Now, [.. "abcd".Select(key => AnEntry(key.ToString()) with { Url = home })]);

        Assert.Equal(TakedownOutcome.Done, await ApproveAsync(await FileAsync(ids["a"]), Now));
        await RefreshAsync(source, Now.AddHours(1), AnEntry("e") with { Url = home });

        Assert.Equal(["b", "c", "d", "e"], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 10 }, Ct)).Select(entry => entry.Entry.Key).Order());
    }

    [Fact]
    public async Task Never_stores_it_again_whatever_source_it_comes_from_and_says_so_beside_the_source()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var other = await AddSourceAsync("https://example.org/b", category);
        var id = (await RefreshAsync(source, Now, AnEntry("one")))["one"];
        var moved = (await RefreshAsync(other, Now, AnEntry("two")))["two"];
        await ApproveAsync(await FileAsync(id), Now.AddMinutes(1));
        var changedAt = (await Sources.FindAsync(source, Ct))!.LastChangeAt;
        var version = (await Entries.VersionAsync(Topic.Source(source), Ct)).Number;

        // The same entry; the same guid under another key; the same link over http with a slash; an entry that becomes it.
        Assert.True(await SaveAsync(source, Now.AddHours(1), write => write with { Added = [AnEntry("one")], Source = write.Source with { HealthNote = "other", LastChangeAt = Now.AddHours(1) } }));
        Assert.True(await SaveAsync(source, Now.AddHours(2), write => write with { Added = [AnEntry("1") with { Guid = "guid of one", Url = null }] }));
        Assert.True(await SaveAsync(other, Now.AddHours(1), write => write with { Added = [AnEntry("1") with { Url = "http://example.org/one/" }, AnEntry("three")] }));
        var stored = (await Sources.FindAsync(other, Ct))!;
        Assert.Equal("1 entry of the document had been taken down and was not stored", stored.HealthNote);
        Assert.True(await SaveAsync(other, Now.AddHours(2), write => write with { Changed = [(moved, AnEntry("two") with { Url = "https://example.org/one", Title = "Back" }), (id, AnEntry("one"))], Source = write.Source with { HealthNote = null } }));

        Assert.Equal(["three", "two"], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 10 }, Ct)).Select(entry => entry.Entry.Key).Order());
        Assert.Equal("Title of two", (await Entries.FindAsync(moved, Ct))!.Entry.Title);
        Assert.Equal("2 entries of the document had been taken down and were not stored", (await Sources.FindAsync(other, Ct))!.HealthNote);

        // Nothing changed for the readers of the source.
        Assert.Equal((changedAt, version), ((await Sources.FindAsync(source, Ct))!.LastChangeAt, (await Entries.VersionAsync(Topic.Source(source), Ct)).Number));
    }

    [Fact]
    public async Task Adds_what_was_there_before_to_the_note_beside_the_source()
    {
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, AnEntry("one")))["one"];
        await ApproveAsync(await FileAsync(id), Now);

        await SaveAsync(source, Now.AddHours(1), write => write with { Added = [AnEntry("one")], Source = write.Source with { HealthNote = "dates are odd" } });

        Assert.Equal("dates are odd; 1 entry of the document had been taken down and was not stored", (await Sources.FindAsync(source, Ct))!.HealthNote);
    }

    [Fact]
    public async Task Brings_everything_back_as_it_was()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var entry = AnEntry("one", Now.AddDays(-1)) with
        {
            Authors = [new Person("安", "a@example.org", "https://example.org/an")],
            Tags = ["t"],
            Enclosures = [new Enclosure("https://example.org/f.mp3", "audio/mpeg", 7)],
            ImageUrl = "https://example.org/i.png",
            Language = "zh",
            UpdatedAt = Now,
            Rights = "r",
            ClaimedSource = new ClaimedSource("c", "https://example.org/c"),
        };
        var id = (await RefreshAsync(source, Now, entry))["one"];
        await SaveAsync(source, Now.AddHours(1), write => write with { Changed = [(id, entry with { Title = "新标题", Content = "<p>新</p>", ContentHash = new byte[] { 9 } })] });
        var before = (await Entries.FindAsync(id, Ct))!;
        var number = await FileAsync(id);
        await ApproveAsync(number, Now.AddHours(2));
        var version = (await Entries.VersionAsync(Topic.Category(category), Ct)).Number;

        Assert.Equal(TakedownOutcome.Done, await Takedowns.UndoAsync(number, Now.AddDays(6), Ct));

        var after = (await Entries.FindAsync(id, Ct))!;
        Assert.Equivalent(before with { Entry = before.Entry with { ContentHash = default } }, after with { Entry = after.Entry with { ContentHash = default } }, strict: true);
        Assert.Equal(before.Entry.ContentHash.ToArray(), after.Entry.ContentHash.ToArray());
        Assert.Equal([category], (await Entries.CategoriesOfAsync(id, Ct)).Select(one => one.Id));
        Assert.True(version < (await Entries.VersionAsync(Topic.Category(category), Ct)).Number);
        Assert.Null(await Takedowns.FindTombstoneAsync(id, Ct));
        Assert.Empty(await Takedowns.ListTombstonesAsync(Topic.Category(category), Now, Ct));
        Assert.Equal(TakedownState.Open, Assert.Single(await Takedowns.ListAsync(open: true, null, 10, Ct)).State);

        // It can change, leave and be taken down again like any other.
        Assert.True(await SaveAsync(source, Now.AddDays(6), write => write with { Changed = [(id, entry with { Title = "3" })] }));
        Assert.Equal(3, (await Entries.FindAsync(id, Ct))!.Version);
        Assert.Equal(TakedownOutcome.Done, await ApproveAsync(number, Now.AddDays(7)));
    }

    [Fact]
    public async Task Nothing_is_left_to_read_after_the_grace_period_but_hashes_and_facts()
    {
        const string Marker = "zqxjkvbmarker";
        var source = await AddSourceAsync();

        // Enough around it that its pages are split, and filled by others.
        var ids = await RefreshAsync(source, Now, [.. Enumerable.Range(0, 200).Select(i => Marked(i, Marker))]);
        var takenDown = ids.Where(pair => pair.Key.StartsWith(Marker, StringComparison.Ordinal)).Select(pair => pair.Value).Order().ToList();
        Assert.Equal(20, takenDown.Count);
        foreach (var id in takenDown)
        {
            var key = ids.Single(pair => pair.Value == id).Key;
            await SaveAsync(source, Now.AddHours(1), write => write with { Changed = [(id, Marked(0, Marker) with { Key = key, Guid = null, Url = $"https://example.org/{key}", Title = Marker + " again", ContentHash = new byte[] { 7 } })] });
            var filed = await Takedowns.FileAsync(new NewTakedownRequest(id, TakedownReason.Privacy, Marker + " in the message", Marker + "@example.org"), Now, Ct);
            await ApproveAsync(Assert.IsType<TakedownFiling.Received>(filed).RequestId, Now.AddHours(2));
        }

        Assert.Equal(0, await Takedowns.PurgeAsync(Now.AddDays(7), Ct));
        Assert.Equal(takenDown.Count, await Takedowns.PurgeAsync(Now.AddDays(8), Ct));
        Assert.Equal(0, await Takedowns.PurgeAsync(Now.AddDays(8), Ct));

        var request = (await Takedowns.ListAsync(open: false, null, 200, Ct))[0];
        Assert.Equal((null, null, null, null), (request.Title, request.Url, request.Message, request.Contact));
        Assert.Equal(Now.AddDays(8), request.Tombstone!.PurgedAt);
        Assert.Equal(TakedownOutcome.TooLate, await Takedowns.UndoAsync(request.Id, Now, Ct));
        foreach (var id in takenDown)
        {
            var snapshots = await Snapshots.ListAsync(id, 0, Ct);
            Assert.Equal([1, 2], snapshots.Select(snapshot => snapshot.Number));
            Assert.All(snapshots, snapshot => Assert.Equal((null, null, SnapshotRemoval.TakenDown, false, 32), (snapshot.Title, snapshot.FinalUrl, snapshot.Removal, snapshot.IsKept, snapshot.Sha256.Length)));
        }

        var verification = new SnapshotVerification(Get<ISealStore>());
        await foreach (var problem in verification.RunAsync(Ct)) Assert.Fail(problem);
        Assert.Equal(40, verification.NoLongerKept);

        // What was packed must be gone with its row; what was not must not be in any byte of the files.
        Assert.Equal(180, await Database.ReadAsync(session => session.FindAsync<long>("select count(*) from snapshot_document"), Ct));
        await AssertNotInFilesAsync(Marker);
    }

    [Fact]
    public async Task Is_blocked_for_good_once_it_is_purged()
    {
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, AnEntry("one")))["one"];
        var number = await FileAsync(id);
        await ApproveAsync(number, Now);
        Assert.Equal(TakedownOutcome.TooLate, await Takedowns.UndoAsync(number, Now.AddDays(7), Ct));
        await Takedowns.PurgeAsync(Now.AddDays(7), Ct);

        Assert.True(await SaveAsync(source, Now.AddDays(30), write => write with { Added = [AnEntry("one")] }));

        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 10 }, Ct));
        Assert.Empty(await Takedowns.ListTombstonesAsync(Topic.Everything, Now, Ct));
        Assert.Single(await Takedowns.ListTombstonesAsync(Topic.Everything, Now.AddDays(-1), Ct));
    }

    [Fact]
    public async Task No_refresh_that_runs_beside_the_decision_brings_it_back()
    {
        var sources = new List<long>();
        for (var i = 0; i < 8; i++) sources.Add(await AddSourceAsync($"https://example.org/{i}"));
        var id = (await RefreshAsync(sources[0], Now, AnEntry("one")))["one"];
        var number = await FileAsync(id);

        var refreshes = sources.Select((source, i) => Task.Run(() => SaveAsync(source, Now.AddHours(1), write => i == 0
            ? write with { Changed = [(id, AnEntry("one") with { Title = "Changed" })] }
            : write with { Added = [AnEntry("one"), AnEntry("other")] }))).ToList();
        var decision = Task.Run(() => ApproveAsync(number, Now.AddHours(1)));
        Assert.All(await Task.WhenAll(refreshes), Assert.True);
        Assert.Equal(TakedownOutcome.Done, await decision);

        Assert.Equal(7, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 20 }, Ct)).Count(entry => entry.Entry.Key == "other"));
        Assert.DoesNotContain(await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything, Limit = 20 }, Ct), entry => entry.Entry.Key == "one");
    }

    /// <summary>Fails when a text can be found in the bytes of the store.</summary>
    private protected abstract Task AssertNotInFilesAsync(string text);

    private static Entry Marked(int i, string marker)
    {
        var entry = AnEntry((i % 10 == 0 ? marker : "plain") + i.ToString(CultureInfo.InvariantCulture));
        return entry with { Summary = string.Join(' ', Enumerable.Repeat(entry.Key, 40)), Tags = [entry.Key], Authors = [new Person(entry.Key)], ImageUrl = entry.Url + ".png" };
    }

    private protected async Task<long> FileAsync(long entryId) =>
        Assert.IsType<TakedownFiling.Received>(await Takedowns.FileAsync(new NewTakedownRequest(entryId, TakedownReason.Privacy, "I am in it\ud800", null), Now, Ct)).RequestId;

    private protected Task<TakedownOutcome> ApproveAsync(long number, DateTimeOffset at, bool isLegal = false) =>
        Takedowns.ApproveAsync(number, isLegal, "noted", "ann", Grace, at, Ct);

    private async Task<List<long>> VersionsAsync(Topic[] topics)
    {
        var versions = new List<long>();
        foreach (var topic in topics) versions.Add((await Entries.VersionAsync(topic, Ct)).Number);
        return versions;
    }
}

public sealed class SqliteTakedownStoreTests() : TakedownStoreTests(StoreProvider.Sqlite)
{
    private protected override async Task AssertNotInFilesAsync(string text)
    {
        var file = StoreConnectionString.Parse(ConnectionString).FilePath;
        Assert.True(File.Exists(file));
        foreach (var path in (string[])[file, file + "-wal", file + "-shm"])
        {
            if (!File.Exists(path)) continue;
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, Ct);
            var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
            Assert.True(at < 0, $"\"{text}\" stands at {at} of {Path.GetFileName(path)}.");
        }
    }
}

public sealed class PostgreSqlTakedownStoreTests() : TakedownStoreTests(StoreProvider.PostgreSql)
{
    [Fact]
    public async Task A_text_that_a_running_transaction_may_still_see_does_not_count_as_gone()
    {
        await using (var reader = new NpgsqlConnection(ConnectionString))
        {
            await reader.OpenAsync(Ct);
            await using var reading = await reader.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, Ct);
            await using var look = new NpgsqlCommand("select count(*) from mark", reader, reading);
            await look.ExecuteScalarAsync(Ct);
            var id = (await RefreshAsync(await AddSourceAsync(), Now, AnEntry("one")))["one"];
            await ApproveAsync(await FileAsync(id), Now);

            Assert.Equal(0, await Takedowns.PurgeAsync(Now + Grace, Ct));
            Assert.Null((await Takedowns.FindTombstoneAsync(id, Ct))!.PurgedAt);
        }

        Assert.Equal(1, await Takedowns.PurgeAsync(Now + Grace, Ct));
        await AssertNotInFilesAsync("https://example.org/one");
    }

    private protected override async Task AssertNotInFilesAsync(string text)
    {
        // The pages that the server holds in memory are written first, so that the files say what is so.
        await Database.ReadAsync(session => session.ExecuteAsync("checkpoint"), Ct);
        var folder = await Database.ReadAsync(session => session.FindAsync<string>("show data_directory"), Ct);
        var paths = await Database.ReadAsync(session => session.ListAsync<string>(TableFiles), Ct);
        Assert.True(paths.Count > 20);
        foreach (var path in paths.Select(path => path.Split(' ')))
        {
            var bytes = await File.ReadAllBytesAsync(Path.Combine(folder!, path[0]), Ct);
            var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
            Assert.True(at < 0, $"\"{text}\" stands at {at} of {path[0]}, {path[1]}.");
        }
    }

    // Tables, indexes and long values apart from their rows.
    private const string TableFiles = """
        select pg_relation_filepath(oid) || ' ' || oid::regclass from pg_class
        where relkind in ('r', 'i', 't') and (relnamespace = 'public'::regnamespace or relname like 'pg_toast_%') and pg_relation_filepath(oid) is not null
        """;
}
