using System.Security.Cryptography;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Snapshots;

public abstract class SealStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly DateOnly Day = DateOnly.FromDateTime(Now.UtcDateTime);

    private ISealStore Seals => Get<ISealStore>();

    private ISnapshotStore Snapshots => Get<ISnapshotStore>();

    [Fact]
    public async Task Seals_each_day_that_is_over_and_chains_it_to_the_day_before()
    {
        var source = await AddSourceAsync();
        var first = (await RefreshAsync(source, Now, AnEntry("one"), AnEntry("two"), AnEntry("three")))["one"];
        await RefreshAsync(source, Now.AddDays(1), AnEntry("four"));
        var later = (await RefreshAsync(source, Now.AddDays(4), AnEntry("five")))["five"];

        Assert.Null(await Seals.SealNextAsync(Day, Now, Ct));
        var one = (await Seals.SealNextAsync(Day.AddDays(4), Now.AddDays(4), Ct))!;
        var two = (await Seals.SealNextAsync(Day.AddDays(4), Now.AddDays(4), Ct))!;
        Assert.Null(await Seals.SealNextAsync(Day.AddDays(4), Now.AddDays(4), Ct));
        Assert.Null(Assert.Single(await Snapshots.ListAsync(later, 0, Ct)).SealedOn);
        var three = (await Seals.SealNextAsync(Day.AddDays(5), Now.AddDays(5), Ct))!;

        Assert.Equal([(Day, 3L), (Day.AddDays(1), 1L), (Day.AddDays(4), 1L)], new[] { one, two, three }.Select(seal => (seal.Day, seal.Count)));
        Assert.Equal([null, Day, Day.AddDays(1)], new[] { one, two, three }.Select(seal => seal.PreviousDay));
        Assert.True(one.Previous.IsEmpty);
        Assert.Equal(one.Hash(), two.Previous.ToArray());
        Assert.Equal(two.Hash(), three.Previous.ToArray());
        Assert.Equal(Day, Assert.Single(await Snapshots.ListAsync(first, 0, Ct)).SealedOn);
        Assert.Equal(Day.AddDays(4), Assert.Single(await Snapshots.ListAsync(later, 0, Ct)).SealedOn);

        var root = new MerkleRoot();
        await foreach (var leaf in Seals.ReadLeavesAsync(one.FirstId, one.LastId, Ct)) root.Add(leaf.Sha256.Span);
        Assert.Equal(root.Finish(), one.Root.ToArray());
        Assert.Equal(two.Hash(), (await Seals.FindAsync(Day.AddDays(1), Ct))!.Hash());
        Assert.Null(await Seals.FindAsync(Day.AddDays(2), Ct));
        Assert.Equal(three.Day, (await Seals.LastAsync(Ct))!.Day);
        Assert.Equal([Day, Day.AddDays(1), Day.AddDays(4)], await Seals.ReadSealsAsync(Ct).Select(seal => seal.Day).ToListAsync(Ct));
    }

    [Fact]
    public async Task Puts_what_was_stored_late_into_the_next_seal()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, AnEntry("one"));
        Assert.NotNull(await Seals.SealNextAsync(Day.AddDays(1), Now.AddDays(1), Ct));

        // A refresh that began the day before.
        var late = (await RefreshAsync(source, Now.AddHours(15), AnEntry("late")))["late"];
        Assert.Null(await Seals.SealNextAsync(Day.AddDays(1), Now.AddDays(1), Ct));
        await RefreshAsync(source, Now.AddDays(1), AnEntry("three"));
        var next = (await Seals.SealNextAsync(Day.AddDays(2), Now.AddDays(2), Ct))!;

        Assert.Equal((Day.AddDays(1), 2L), (next.Day, next.Count));
        Assert.Equal(Day.AddDays(1), Assert.Single(await Snapshots.ListAsync(late, 0, Ct)).SealedOn);
        Assert.Empty(await VerifyAsync());
    }

    [Fact]
    public async Task Goes_on_when_a_clock_was_years_ahead_for_a_moment()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now.AddYears(4), AnEntry("future"));
        await RefreshAsync(source, Now, AnEntry("now"));

        var seal = (await Seals.SealNextAsync(Day.AddDays(1), Now.AddDays(1), Ct))!;

        Assert.Equal((Day, 2L), (seal.Day, seal.Count));
        Assert.Null(await Seals.SealNextAsync(Day.AddDays(2), Now.AddDays(2), Ct));
    }

    [Fact]
    public async Task Seals_once_and_misses_nothing_when_two_nodes_seal_while_refreshes_run()
    {
        const int SourceCount = 12;
        var sources = new List<long>();
        for (var i = 0; i < SourceCount; i++) sources.Add(await AddSourceAsync($"https://example.org/{i}"));
        await RefreshAsync(sources[0], Now, AnEntry("first"));
        await using var other = Compose();
        var otherSeals = (ISealStore)other.GetService(typeof(ISealStore))!;

        using var stop = new CancellationTokenSource();
        var sealing = new[] { Seals, otherSeals }.Select(seals => Task.Run(async () =>
        {
            for (var day = 1; !stop.IsCancellationRequested; day++)
                while (await seals.SealNextAsync(Day.AddDays(day), Now.AddDays(day), Ct) is not null)
                {
                }
        }, Ct)).ToList();
        await Parallel.ForEachAsync(sources, new ParallelOptions { MaxDegreeOfParallelism = 6, CancellationToken = Ct }, async (source, _) =>
        {
            for (var day = 0; day < 8; day++) await RefreshAsync(source, Now.AddDays(day), AnEntry($"{day}a"), AnEntry($"{day}b"));
        });
        await stop.CancelAsync();
        await Task.WhenAll(sealing);
        for (var day = 100; await Seals.SealNextAsync(Day.AddDays(day), Now.AddDays(day), Ct) is not null; day++)
        {
        }

        var verification = new SnapshotVerification(Seals);
        Assert.Empty(await verification.RunAsync(Ct).ToListAsync(Ct));
        Assert.Equal((1 + SourceCount * 16, 0), (verification.Snapshots, verification.Unsealed));
    }

    public static TheoryData<string, string> Tamperings => new()
    {
        { "update snapshot_document set document = (select document from snapshot_document where snapshot_id = 1) where snapshot_id = 2", "Snapshot 1 of article 2 (20260301080000) does not have the SHA-256 that was taken of it" },
        { "delete from snapshot_document where snapshot_id = 2", "Snapshot 1 of article 2 (20260301080000) has lost its text, and nothing says why." },
        { "update snapshot set removal = 1 where id = 2", "Snapshot 1 of article 2 (20260301080000) still has the text that was to go (Thinned)." },
        { "update snapshot set title = 'forged' where id = 3", "Snapshot 1 of article 3 (20260301080000) is listed with another title than its text has." },
        { "update snapshot set captured_at = captured_at - 86400000 where id = 3", "Snapshot 1 of article 3 (20260228080000) is listed with another time of capture than its text has." },
        { "update snapshot set sha256 = (select sha256 from snapshot where id = 1) where id = 2", "The root of 2026-03-01 does not match: the hash of one of its snapshots was changed." },
        { "delete from snapshot where id = 2", "The proof of 2026-03-01 is over 3 snapshots, but there are 2." },
        { "update seal set root = previous where day = 20260302", "The root of 2026-03-02 does not match" },
        { "update seal set previous = root where day = 20260302", "The proof of 2026-03-02 does not name the proof before it: the chain is broken." },
        { "update seal set count = 4 where day = 20260301", "The proof of 2026-03-02 does not name the proof before it: the chain is broken." },
        { "delete from seal where day = 20260301", "stands between the days and is in no proof." },
        { "delete from snapshot where number = 2", "The proof of 2026-03-02 is over 2 snapshots, but there are 1." },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Names_what_was_tampered_with(string tampering, string named)
    {
        await SealedStoreAsync();
        Assert.Empty(await VerifyAsync());

        await Database.WriteAsync(session => session.ExecuteAsync(tampering), Ct);

        Assert.Contains(await VerifyAsync(), problem => problem.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Names_a_text_whose_bytes_are_damaged_and_a_gap_in_the_numbers()
    {
        await SealedStoreAsync();
        await Database.WriteAsync(session => session.ExecuteAsync("update snapshot_document set document = @damaged where snapshot_id = 1", new { damaged = new byte[] { 1, 2, 3 } }), Ct);
        await Database.WriteAsync(session => session.ExecuteAsync("update snapshot set number = 7 where number = 2"), Ct);

        var problems = await VerifyAsync();

        Assert.Contains("Snapshot 1 of article 1 (20260301080000): The packed document is damaged.", problems);
        Assert.Contains(problems, problem => problem.EndsWith("are not numbered one after the other.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Thins_by_the_rules_of_each_source_and_breaks_no_proof()
    {
        var strict = await AddSourceAsync("https://example.org/a");
        var free = await AddSourceAsync("https://example.org/b");
        var ids = new List<long>();
        foreach (var source in (long[])[strict, free])
        {
            var id = (await RefreshAsync(source, Now, AnEntry("one")))["one"];
            ids.Add(id);
            for (var day = 1; day <= 9; day++)
                await SaveAsync(source, Now.AddDays(day), write => write with { Changed = [(id, AnEntry("one") with { Title = $"{day}", Content = $"<p>{day}</p>", ContentHash = SHA256.HashData([(byte)day]) })] });
        }

        await Snapshots.AddPageAsync(new PageSnapshotWrite { EntryId = ids[0], Document = new SnapshotDocument { Kind = SnapshotKind.Page, CapturedAt = Now.AddDays(9).AddHours(1), Title = "p", Content = "<p>page</p>" } }, Ct);
        while (await Seals.SealNextAsync(Day.AddDays(20), Now.AddDays(20), Ct) is not null)
        {
        }

        var plan = new RetentionPlan { OfSources = new Dictionary<long, RetentionSettings> { [strict] = new(Versions: new RetentionRule(Days: 5, Count: 4)) } };
        Assert.Equal(6, await Get<IRetentionStore>().ThinAsync(plan, Now.AddDays(9).AddHours(2), 1, Ct));

        var kept = (await Snapshots.ListAsync(ids[0], 0, Ct)).Where(snapshot => snapshot.IsKept).Select(snapshot => snapshot.Number);
        Assert.Equal([1, 8, 9, 10, 11], kept);
        Assert.All((await Snapshots.ListAsync(ids[0], 0, Ct)).Where(snapshot => !snapshot.IsKept), snapshot => Assert.Equal(SnapshotRemoval.Thinned, snapshot.Removal));
        Assert.All(await Snapshots.ListAsync(ids[1], 0, Ct), snapshot => Assert.True(snapshot.IsKept));
        Assert.Equal("<p>page</p>", (await Entries.FindAsync(ids[0], Ct))!.Entry.Content);

        var verification = new SnapshotVerification(Seals);
        Assert.Empty(await verification.RunAsync(Ct).ToListAsync(Ct));
        Assert.Equal((21, 6, 0), (verification.Snapshots, verification.NoLongerKept, verification.Unsealed));

        // Nothing more goes the next time.
        Assert.Equal(0, await Get<IRetentionStore>().ThinAsync(plan, Now.AddDays(9).AddHours(2), 100, Ct));
    }

    [Fact]
    public async Task Is_content_with_the_texts_that_retention_and_only_retention_removed()
    {
        await SealedStoreAsync();
        var source = (await Sources.ListAsync(0, 10, Ct)).Single().Source.Id;
        await RefreshAsync(source, Now.AddDays(30));
        Assert.Equal(4, await ForgetAsync(Now.AddDays(29), Now.AddDays(30)));

        var verification = new SnapshotVerification(Seals);
        Assert.Empty(await verification.RunAsync(Ct).ToListAsync(Ct));
        Assert.Equal((5, 5), (verification.Snapshots, verification.NoLongerKept));
        Assert.Equal(0, await Database.ReadAsync(session => session.FindAsync<long>("select count(*) from snapshot_document"), Ct));
    }

    [Fact]
    public async Task Counts_the_versions_of_late()
    {
        await SealedStoreAsync();
        var one = Assert.Single(await Refreshes.FindKnownAsync(1, ["one"], [], Ct));
        Assert.Equal(2, one.Version);

        Assert.Equal([new RecentVersions(one.Id, 2, Now.AddDays(1))], await Refreshes.CountVersionsAsync([one.Id], Now.AddHours(-1), Ct));
        Assert.Equal([new RecentVersions(one.Id, 1, Now.AddDays(1))], await Refreshes.CountVersionsAsync([one.Id], Now, Ct));
        Assert.Empty(await Refreshes.CountVersionsAsync([one.Id, 99], Now.AddDays(1), Ct));
    }

    /// <summary>Three entries of one day, and a new entry and a new version of the first on the next: both sealed.</summary>
    private async Task SealedStoreAsync()
    {
        var source = await AddSourceAsync();
        // The first of a document has the highest number.
        var id = (await RefreshAsync(source, Now, AnEntry("three"), AnEntry("two"), AnEntry("one")))["one"];
        await SaveAsync(source, Now.AddDays(1), write => write with
        {
            Changed = [(id, AnEntry("one") with { Title = "changed", ContentHash = new byte[] { 9 } })],
            Added = [AnEntry("four")],
        });
        while (await Seals.SealNextAsync(Day.AddDays(9), Now.AddDays(9), Ct) is not null)
        {
        }
    }

    private async Task<List<string>> VerifyAsync() => await new SnapshotVerification(Seals).RunAsync(Ct).ToListAsync(Ct);
}

public sealed class SqliteSealStoreTests() : SealStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSealStoreTests() : SealStoreTests(StoreProvider.PostgreSql);
