using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Entries;

public abstract class RefreshStoreTests(StoreProvider provider) : StoreTests(provider)
{
    [Fact]
    public async Task Keeps_every_field_of_an_entry()
    {
        var entry = new Entry
        {
            Key = "ключ/1",
            Guid = "urn:uuid:1",
            Url = "https://example.org/国内?a=1&b=\"2\"",
            Title = "标题 😀 𠮷 㐀 𪚥 龦 <b>\\u0041</b> 'quoted'",
            Summary = "摘要",
            Content = "<p>內容 👩‍👩‍👧</p>",
            Authors = [new Person("王小明", "wang@example.org", "https://example.org/wang"), new Person("Ann")],
            Tags = ["新闻", "a,b", "\"c\""],
            Enclosures = [new Enclosure("https://example.org/a.mp3", "audio/mpeg", 12_345_678_901), new Enclosure("https://example.org/b")],
            ImageUrl = "https://example.org/i.png",
            Language = "zh-Hans",
            PublishedAt = Now.AddDays(-1),
            UpdatedAt = Now.AddHours(-1),
            Rights = "© 2026",
            ClaimedSource = new ClaimedSource("别处", "https://example.com/feed"),
            ContentHash = Enumerable.Range(0, 32).Select(i => (byte)(i * 8)).ToArray(),
        };
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, entry))["ключ/1"];

        var stored = await Entries.FindAsync(id, Ct);

        AssertSame(entry, stored!.Entry);
        Assert.Equal((id, source, Now, Now, 1, Now.AddDays(-1)), (stored.Id, stored.SourceId, stored.FirstSeenAt, stored.CapturedAt, stored.Version, stored.SortAt));
    }

    [Fact]
    public async Task Keeps_an_entry_with_nothing_but_a_key()
    {
        var bare = new Entry { Key = "bare", Title = "", ContentHash = new byte[] { 7 } };
        var id = (await RefreshAsync(await AddSourceAsync(), Now, bare))["bare"];

        var stored = await Entries.FindAsync(id, Ct);

        AssertSame(bare, stored!.Entry);
        Assert.Equal(Now, stored.SortAt);
    }

    [Fact]
    public async Task Keeps_very_long_texts()
    {
        var entry = AnEntry("long") with
        {
            Title = string.Concat(Enumerable.Repeat("標題😀", 20_000)),
            Url = "https://example.org/" + new string('u', 30_000),
            Guid = new string('g', 30_000),
            Content = string.Concat(Enumerable.Repeat("<p>𠮷野家</p>", 400_000)),
        };
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, entry))["long"];

        AssertSame(entry, (await Entries.FindAsync(id, Ct))!.Entry);
        Assert.Equal(id, Assert.Single(await Refreshes.FindKnownAsync(source, [], [entry.Url!], Ct)).Id);
    }

    [Fact]
    public async Task Leaves_out_what_no_database_holds_in_a_text()
    {
        var entry = AnEntry("k\0ey") with
        {
            Guid = "\0",
            Title = "nul\0l, high \uD83D, low \uDE00, whole 😀",
            Summary = "\0\0",
            Content = "<p>\0</p>\uDC00",
            Authors = [new Person("\0Ann\uD800", "a\0@example.org")],
            Tags = ["t\0ag"],
            Enclosures = [new Enclosure("https://example.org/\0", "a\0")],
            ClaimedSource = new ClaimedSource("\0claimed", null),
        };
        var source = await AddSourceAsync("https://example.org/f\0eed");
        await RefreshAsync(source, Now, entry);

        var known = Assert.Single(await Refreshes.FindKnownAsync(source, ["k\0ey"], [], Ct));
        var stored = (await Entries.FindAsync(known.Id, Ct))!.Entry;
        Assert.Equal(("key", "", "null, high \uFFFD, low \uFFFD, whole 😀", ""), (stored.Key, stored.Guid, stored.Title, stored.Summary));
        Assert.Equal("<p></p>\uFFFD", stored.Content);
        Assert.Equal([new Person("Ann\uFFFD", "a@example.org")], stored.Authors);
        Assert.Equal(["tag"], stored.Tags);
        Assert.Equal([new Enclosure("https://example.org/", "a")], stored.Enclosures);
        Assert.Equal(new ClaimedSource("claimed", null), stored.ClaimedSource);
    }

    [Fact]
    public async Task Finds_known_entries_by_key_and_by_link_and_only_those_of_the_source()
    {
        var source = await AddSourceAsync("https://example.org/a");
        var other = await AddSourceAsync("https://example.org/b");
        var ids = await RefreshAsync(source, Now, AnEntry("one", Now.AddDays(-1)), AnEntry("two"), AnEntry("three"));
        await RefreshAsync(other, Now, AnEntry("one"), AnEntry("two"));

        var known = await Refreshes.FindKnownAsync(
            source, ["one", "absent"], ["https://example.org/two", "https://example.org/one", "https://example.org/absent"], Ct);

        Assert.Equal([ids["two"], ids["one"]], known.Select(entry => entry.Id).Order());
        var one = known.Single(entry => entry.Key == "one");
        Assert.Equal(("guid of one", "https://example.org/one", "Title of one", Now.AddDays(-1), Now), (one.Guid, one.Url, one.Title, one.PublishedAt!.Value, one.LastSeenAt));
        Assert.Equal(new byte[] { 1, 2, 3, 4 }, one.ContentHash.ToArray());
        Assert.Empty(await Refreshes.FindKnownAsync(source, [], [], Ct));
        Assert.Empty(await Refreshes.FindKnownAsync(source, ["ONE"], ["https://example.org/ONE"], Ct));
    }

    [Fact]
    public async Task Saves_what_the_refresh_learned_of_the_source_and_ends_the_lease()
    {
        var id = await AddSourceAsync();
        var claimed = (await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(5), Ct))!;
        var learned = claimed with
        {
            Feed = new FeedFacts
            {
                Title = "新闻",
                Description = "Beschreibung",
                SiteUrl = "https://example.org/",
                Id = "urn:feed",
                Language = "zh",
                Rights = "©",
                Format = "atom1.0",
                UpdatedAt = Now.AddHours(-3),
            },
            Validators = new Validators
            {
                ETag = "W/\"x\"",
                LastModified = "Sun, 01 Mar 2026 07:00:00 GMT",
                BodyHash = new byte[] { 9, 8 },
                ObtainedAt = Now,
                ParserVersion = 3,
            },
            IdentityRule = IdentityRule.LinkAndDate,
            NextFetchAt = Now.AddHours(2),
            ScheduleReason = "Every two hours.",
            Rhythm = PostingRhythm.Of([Now.AddDays(-30), Now.AddDays(-1), Now.AddHours(-5)], Now),
            Hints = PollingHints.Of(TimeSpan.FromMinutes(90), [0, 1, 23], [DayOfWeek.Saturday, DayOfWeek.Sunday]),
            LastFetchAt = Now,
            LastSuccessAt = Now.AddMinutes(-1),
            LastChangeAt = Now.AddMinutes(-2),
            LastDocumentAt = Now.AddMinutes(-3),
            FailureCount = 2,
            LastFailure = new FetchFailure(FetchFailureKind.ServerError, "503 上游", Now, 503),
            HealthNote = "mended",
        };

        Assert.True(await Refreshes.SaveAsync(new RefreshWrite { Source = learned, LeaseOwner = "me", At = Now }, Ct));

        var saved = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(new byte[] { 9, 8 }, saved.Validators.BodyHash.ToArray());
        Assert.Equal(
            learned with { LeaseOwner = null, LeaseUntil = null, Validators = learned.Validators with { BodyHash = default } },
            saved with { Validators = saved.Validators with { BodyHash = default } });
    }

    [Fact]
    public async Task Leaves_alone_what_an_admin_set_during_the_refresh()
    {
        var id = await AddSourceAsync();
        var claimed = (await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(5), Ct))!;
        Assert.True(await Sources.SetIntervalsAsync(id, TimeSpan.FromMinutes(30), TimeSpan.FromHours(6), Now, Ct));

        Assert.True(await Refreshes.SaveAsync(new RefreshWrite { Source = claimed with { NextFetchAt = Now.AddHours(1) }, LeaseOwner = "me", At = Now }, Ct));

        var saved = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal((TimeSpan.FromMinutes(30), TimeSpan.FromHours(6)), (saved.MinInterval, saved.MaxInterval));
    }

    [Fact]
    public async Task Writes_nothing_when_the_lease_was_lost()
    {
        var id = await AddSourceAsync();
        var mine = (await Sources.ClaimAsync(id, "slow", Now, Now.AddMinutes(5), Ct))!;
        await Sources.ClaimAsync(id, "next", Now.AddMinutes(6), Now.AddMinutes(11), Ct);
        var before = await Sources.FindAsync(id, Ct);

        Assert.False(await Refreshes.SaveAsync(
            new RefreshWrite { Source = DocumentStored(mine, Now.AddMinutes(6)), LeaseOwner = "slow", At = Now.AddMinutes(6), Added = [AnEntry("one")] }, Ct));

        Assert.Equal(before, await Sources.FindAsync(id, Ct));
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything }, Ct));
        Assert.Equal(new TopicVersion(0, null), await Entries.VersionAsync(Topic.Everything, Ct));
    }

    [Fact]
    public async Task Writes_nothing_when_it_fails_in_the_middle()
    {
        var category = await AddCategoryAsync();
        var id = await AddSourceAsync("https://example.org/feed", category);
        var stored = await RefreshAsync(id, Now, AnEntry("one"), AnEntry("two"));
        var versions = await VersionsAsync(category, id);
        var at = Now.AddHours(1);
        var claimed = (await Sources.ClaimAsync(id, "me", at, at.AddMinutes(5), Ct))!;

        // The second of two entries with one key breaks the last statement of several.
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Refreshes.SaveAsync(
            new RefreshWrite
            {
                Source = DocumentStored(claimed, at),
                LeaseOwner = "me",
                At = at,
                Rekeyed = [(stored["two"], "2")],
                Changed = [(stored["one"], AnEntry("one") with { Title = "changed" })],
                Added = [AnEntry("three"), AnEntry("four"), AnEntry("three")],
            },
            Ct));

        Assert.Equal(claimed, await Sources.FindAsync(id, Ct));
        var entries = await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category) }, Ct);
        Assert.Equal(["one", "two"], entries.Select(entry => entry.Entry.Key));
        Assert.All(entries, entry => Assert.Equal((1, "Title of " + entry.Entry.Key), (entry.Version, entry.Entry.Title)));
        Assert.Equal(versions, await VersionsAsync(category, id));

        // And the store still works, for the same source too.
        Assert.True(await Refreshes.SaveAsync(
            new RefreshWrite { Source = DocumentStored(claimed, at), LeaseOwner = "me", At = at, Added = [AnEntry("three")] }, Ct));
    }

    [Fact]
    public async Task Writes_nothing_when_it_is_cancelled()
    {
        var id = await AddSourceAsync();
        var claimed = (await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(5), Ct))!;
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Refreshes.SaveAsync(
            new RefreshWrite { Source = DocumentStored(claimed, Now), LeaseOwner = "me", At = Now, Added = [AnEntry("one")] }, cancelled.Token));

        Assert.Equal(claimed, await Sources.FindAsync(id, Ct));
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything }, Ct));
    }

    [Fact]
    public async Task Leaves_what_an_admin_changed_during_the_refresh()
    {
        var id = await AddSourceAsync();
        var claimed = (await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(5), Ct))!;
        await Sources.SetStateAsync(id, SourceState.Paused, Now.AddSeconds(1), Ct);

        Assert.True(await Refreshes.SaveAsync(
            new RefreshWrite
            {
                Source = DocumentStored(claimed, Now) with { Title = "not mine to set", DefaultZone = "+08:00", DefaultLanguage = "xx", Url = "https://example.org/moved" },
                LeaseOwner = "me",
                At = Now,
            },
            Ct));

        var saved = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(SourceState.Paused, saved.State);
        Assert.Equal((null, null, null, "https://example.org/feed"), (saved.Title, saved.DefaultZone, saved.DefaultLanguage, saved.Url));
    }

    [Fact]
    public async Task Brings_a_source_back_that_was_gone_but_not_one_that_an_admin_paused()
    {
        var id = await AddSourceAsync();
        await SaveAsync(id, Now, write => write with { Source = write.Source with { State = SourceState.Gone } });
        await SaveAsync(id, Now.AddHours(1), write => write with { Source = write.Source with { State = SourceState.Active } });
        Assert.Equal(SourceState.Active, (await Sources.FindAsync(id, Ct))!.State);

        await Sources.SetStateAsync(id, SourceState.Paused, Now, Ct);
        await SaveAsync(id, Now.AddHours(2), write => write with { Source = write.Source with { State = SourceState.Active } });
        Assert.Equal(SourceState.Paused, (await Sources.FindAsync(id, Ct))!.State);
    }

    [Fact]
    public async Task Moves_a_source_unless_another_has_the_address()
    {
        var id = await AddSourceAsync("http://old.example/feed");
        var other = await AddSourceAsync("https://taken.example/feed");
        await SaveAsync(id, Now, write => write with { MoveTo = "https://taken.example/feed" });
        Assert.Equal("http://old.example/feed", (await Sources.FindAsync(id, Ct))!.Url);

        var state = new FetchState { MovedFrom = "http://old.example/feed", Proposals = [new ProposedFeed("https://x.example/", "新")] };
        await SaveAsync(id, Now, write => write with { MoveTo = "https://new.example/feed", Source = write.Source with { FetchState = state } });
        var moved = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(("https://new.example/feed", "http://old.example/feed"), (moved.Url, moved.FetchState.MovedFrom));
        Assert.Equal(state.Proposals, moved.FetchState.Proposals);

        // From now on it is counted under its new host.
        await Get<IHostStore>().CloseAsync("new.example:443", Now.AddYears(1), Ct);
        Assert.Equal([other], (await Sources.ClaimDueAsync("me", Now.AddDays(30), Now.AddDays(31), 10, Ct)).Select(source => source.Id));
    }

    [Fact]
    public async Task Retires_a_source_that_is_gone()
    {
        var id = await AddSourceAsync();
        await SaveAsync(id, Now, write => write with { Source = write.Source with { State = SourceState.Gone } });

        Assert.Equal(SourceState.Gone, (await Sources.FindAsync(id, Ct))!.State);
        Assert.Equal(0, await Sources.CountDueAsync(Now.AddDays(30), Ct));
    }

    [Fact]
    public async Task Counts_versions_and_keeps_the_place_of_an_entry_that_changed()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/feed", category);
        var id = (await RefreshAsync(source, Now, AnEntry("one", Now.AddDays(-2))))["one"];
        var changed = AnEntry("one", Now.AddDays(-1)) with
        {
            Title = "another title",
            Url = "https://example.org/another",
            Content = "<p>another</p>",
            Tags = ["new"],
            ContentHash = new byte[] { 5 },
        };

        await SaveAsync(source, Now.AddHours(1), write => write with { Changed = [(id, changed)] });
        await SaveAsync(source, Now.AddHours(2), write => write with { Changed = [(id, changed with { Content = null, ContentHash = new byte[] { 6 } })] });

        var stored = (await Entries.FindAsync(id, Ct))!;
        Assert.Equal((3, Now, Now.AddHours(2), Now.AddDays(-2)), (stored.Version, stored.FirstSeenAt, stored.CapturedAt, stored.SortAt));
        AssertSame(changed with { Content = null, ContentHash = new byte[] { 6 } }, stored.Entry);
        Assert.Equal([id], (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category) }, Ct)).Select(entry => entry.Id));
        Assert.Equal(id, Assert.Single(await Refreshes.FindKnownAsync(source, [], ["https://example.org/another"], Ct)).Id);
        Assert.Empty(await Refreshes.FindKnownAsync(source, [], ["https://example.org/one"], Ct));
    }

    [Fact]
    public async Task Adds_anew_what_changed_but_had_expired_meanwhile()
    {
        var source = await AddSourceAsync();
        await SaveAsync(source, Now, write => write with { Changed = [(4711, AnEntry("one"))], Added = [AnEntry("two")] });

        var stored = await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct);
        Assert.Equal([("two", 1), ("one", 1)], stored.Select(entry => (entry.Entry.Key, entry.Version)));
    }

    [Fact]
    public async Task Never_touches_an_entry_of_another_source()
    {
        var source = await AddSourceAsync("https://example.org/a");
        var other = await AddSourceAsync("https://example.org/b");
        var theirs = (await RefreshAsync(other, Now, AnEntry("theirs")))["theirs"];
        var before = await Entries.FindAsync(theirs, Ct);

        await SaveAsync(source, Now.AddDays(2), write => write with { Seen = [theirs], Rekeyed = [(theirs, "mine")] });

        var after = await Entries.FindAsync(theirs, Ct);
        AssertSame(before!.Entry, after!.Entry);
        Assert.Equal(Now, Assert.Single(await Refreshes.FindKnownAsync(other, ["theirs"], [], Ct)).LastSeenAt);
    }

    [Fact]
    public async Task Renews_the_marks_of_entries_that_are_still_there()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, AnEntry("one"), AnEntry("two"));

        await SaveAsync(source, Now.AddDays(2), write => write with { Seen = [ids["one"]] });

        var known = await Refreshes.FindKnownAsync(source, ["one", "two"], [], Ct);
        Assert.Equal(Now.AddDays(2), known.Single(entry => entry.Key == "one").LastSeenAt);
        Assert.Equal(Now, known.Single(entry => entry.Key == "two").LastSeenAt);
    }

    [Fact]
    public async Task Gives_entries_new_keys_also_when_they_swap_them()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, AnEntry("a"), AnEntry("b"), AnEntry("c"), AnEntry("left"));

        await SaveAsync(source, Now.AddHours(1), write => write with
        {
            // A swap, a ring's third, and the key of an entry that is in no document any more.
            Rekeyed = [(ids["a"], "b"), (ids["b"], "a"), (ids["c"], "left")],
            Added = [AnEntry("c")],
        });

        var known = (await Refreshes.FindKnownAsync(source, ["a", "b", "c", "left"], [], Ct)).ToDictionary(entry => entry.Key, entry => entry.Id);
        Assert.Equal((ids["b"], ids["a"], ids["c"]), (known["a"], known["b"], known["left"]));
        Assert.NotEqual(ids["c"], known["c"]);
        Assert.Equal(5, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source) }, Ct)).Count);
        Assert.NotNull(await Entries.FindAsync(ids["left"], Ct));
    }

    [Fact]
    public async Task A_new_entry_may_have_the_key_of_one_that_kept_its_own_on_the_way_down_the_ladder()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, AnEntry("a"), AnEntry("b"));

        await SaveAsync(source, Now.AddHours(1), write => write with { Rekeyed = [(ids["a"], "link-a")], Added = [AnEntry("b")] });

        var known = (await Refreshes.FindKnownAsync(source, ["link-a", "b"], [], Ct)).ToDictionary(entry => entry.Key, entry => entry.Id);
        Assert.Equal(ids["a"], known["link-a"]);
        Assert.NotEqual(ids["b"], known["b"]);
        Assert.NotNull(await Entries.FindAsync(ids["b"], Ct));
    }

    [Fact]
    public async Task Raises_the_versions_of_exactly_the_topics_that_changed()
    {
        var news = await AddCategoryAsync("news");
        var tech = await AddCategoryAsync("tech");
        var other = await AddCategoryAsync("other");
        var source = await AddSourceAsync("https://example.org/a", news, tech);
        var neighbour = await AddSourceAsync("https://example.org/b", other);
        var start = await AllVersionsAsync();

        await RefreshAsync(source, Now.AddHours(1), AnEntry("one"));
        var afterAdding = await AllVersionsAsync();
        await RefreshAsync(source, Now.AddHours(2));
        var afterNothing = await AllVersionsAsync();
        var id = Assert.Single(await Refreshes.FindKnownAsync(source, ["one"], [], Ct)).Id;
        await SaveAsync(source, Now.AddHours(3), write => write with { Changed = [(id, AnEntry("one") with { Title = "changed" })] });
        var afterChanging = await AllVersionsAsync();

        TopicVersion Raised(TopicVersion version, int hours) => new(version.Number + 1, Now.AddHours(hours));
        Assert.Equal(
            [Raised(start[0], 1), Raised(start[1], 1), Raised(start[2], 1), start[3], Raised(start[4], 1), start[5]], afterAdding);
        Assert.Equal(afterAdding, afterNothing);
        Assert.Equal(
            [Raised(afterNothing[0], 3), Raised(afterNothing[1], 3), Raised(afterNothing[2], 3), start[3], Raised(afterNothing[4], 3), start[5]],
            afterChanging);

        async Task<TopicVersion[]> AllVersionsAsync()
        {
            var versions = new List<TopicVersion>();
            foreach (var topic in (Topic[])[Topic.Everything, Topic.Category(news), Topic.Category(tech), Topic.Category(other), Topic.Source(source), Topic.Source(neighbour)])
                versions.Add(await Entries.VersionAsync(topic, Ct));
            return [.. versions];
        }
    }

    [Fact]
    public async Task Raises_versions_when_the_feed_says_something_else_of_itself()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        var before = await VersionsAsync(category, source);

        await SaveAsync(source, Now, write => write with { Source = write.Source with { Feed = new FeedFacts { Title = "新闻" } } });
        var named = await VersionsAsync(category, source);
        await SaveAsync(source, Now.AddHours(1), write => write with { Source = write.Source with { Feed = write.Source.Feed with { UpdatedAt = Now } } });
        var touched = await VersionsAsync(category, source);

        Assert.Equal(before.Select(version => version.Number + 1), named.Select(version => version.Number));
        Assert.Equal(named, touched);
    }

    [Fact]
    public async Task Raises_no_version_for_an_answer_without_a_document()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/a", category);
        await RefreshAsync(source, Now, AnEntry("one"));
        var before = await VersionsAsync(category, source);

        var at = Now.AddHours(1);
        await SaveAsync(source, at, write => write with { Source = write.Source with { LastDocumentAt = Now, ScheduleReason = "304" } });

        Assert.Equal(before, await VersionsAsync(category, source));
        Assert.Equal("304", (await Sources.FindAsync(source, Ct))!.ScheduleReason);
    }

    [Fact]
    public async Task Counts_every_change_of_refreshes_that_run_at_once()
    {
        const int SourceCount = 24;
        var category = await AddCategoryAsync();
        var ids = new List<long>();
        for (var i = 0; i < SourceCount; i++) ids.Add(await AddSourceAsync($"https://example.org/{i}", category));
        var before = await Entries.VersionAsync(Topic.Category(category), Ct);

        await Parallel.ForEachAsync(ids, new ParallelOptions { MaxDegreeOfParallelism = 12, CancellationToken = Ct }, async (id, ct) =>
        {
            for (var round = 0; round < 5; round++)
                await RefreshAsync(id, Now.AddHours(round), AnEntry($"{id}-{round}-a"), AnEntry($"{id}-{round}-b"));
        });

        Assert.Equal(SourceCount * 5, (await Entries.VersionAsync(Topic.Everything, Ct)).Number);
        Assert.Equal(before.Number + (SourceCount * 5), (await Entries.VersionAsync(Topic.Category(category), Ct)).Number);
        Assert.Equal(SourceCount * 10, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category), Limit = 500 }, Ct)).Count);
    }

    [Fact]
    public async Task Saves_many_sources_at_once_and_tells_the_one_whose_lease_was_lost_from_the_others()
    {
        const int SourceCount = 150;
        for (var i = 0; i < SourceCount; i++) await AddSourceAsync($"https://example.org/{i}");
        var claimed = await Sources.ClaimDueAsync("me", Now, Now.AddMinutes(5), SourceCount, Ct);
        Assert.Equal(SourceCount, claimed.Count);
        var (lost, deleted) = (claimed[70], claimed[71]);
        await Sources.ReleaseAsync([lost.Id], "me", Ct);
        Assert.NotNull(await Sources.ClaimAsync(lost.Id, "other", Now, Now.AddMinutes(5), Ct));
        await Sources.ReleaseAsync([deleted.Id], "me", Ct);

        var saved = await Task.WhenAll(claimed.Select(async source => (source.Id, Saved: await Task.Run(() => Refreshes.SaveAsync(new RefreshWrite
        {
            Source = source with { NextFetchAt = Now.AddHours(source.Id), LastFetchAt = Now, Validators = new Validators { ETag = $"\"{source.Id}\"" } },
            LeaseOwner = "me",
            At = Now,
            IsQuiet = true,
            Fetch = new FetchRecord { At = Now, Kind = FetchRecordKind.NotModified, Status = 304, Bytes = source.Id },
        }, Ct)))));

        Assert.Equal([lost.Id, deleted.Id], saved.Where(source => !source.Saved).Select(source => source.Id).Order());
        foreach (var source in await Sources.FindManyAsync([.. claimed.Select(source => source.Id)], Ct))
        {
            var isMine = source.Id != lost.Id && source.Id != deleted.Id;
            Assert.Equal(
                isMine ? (Now.AddHours(source.Id), $"\"{source.Id}\"", null) : (Now, null, source.Id == lost.Id ? "other" : null),
                (source.NextFetchAt, source.Validators.ETag, source.LeaseOwner));
        }

        foreach (var source in (Source[])[claimed[0], claimed[69], lost, deleted, claimed[^1]])
        {
            var fetches = (await Get<ISourceAdminStore>().FindAsync(source.Id, Now, Ct))!.Fetches;
            if (source.Id == lost.Id || source.Id == deleted.Id) Assert.Empty(fetches);
            else Assert.Equal((304, source.Id), (Assert.Single(fetches).Status, fetches[0].Bytes));
        }
    }

    [Fact]
    public async Task Stores_documents_that_come_together_each_as_if_it_were_alone()
    {
        const int SourceCount = 30;
        var category = await AddCategoryAsync();
        for (var i = 0; i < SourceCount; i++) await AddSourceAsync($"https://example.org/{i}", category);
        var claimed = await Sources.ClaimDueAsync("me", Now, Now.AddMinutes(5), SourceCount, Ct);
        var (lost, bad) = (claimed[10], claimed[11]);
        await Sources.ReleaseAsync([lost.Id], "me", Ct);
        Assert.NotNull(await Sources.ClaimAsync(lost.Id, "other", Now, Now.AddMinutes(5), Ct));

        var saved = await Task.WhenAll(claimed.Select(source => Task.Run(async () =>
        {
            var write = new RefreshWrite
            {
                Source = DocumentStored(source, Now),
                LeaseOwner = "me",
                At = Now,
                MayWait = true,
                // Two entries with one key break the last statement of several.
                Added = source.Id == bad.Id ? [AnEntry("one"), AnEntry("one")] : [AnEntry("one"), AnEntry("two")],
            };
            try
            {
                return await Refreshes.SaveAsync(write, Ct) ? "stored" : "lease lost";
            }
            catch (System.Data.Common.DbException)
            {
                return "failed";
            }
        })));

        Assert.Equal(claimed.Select(source => source.Id == lost.Id ? "lease lost" : source.Id == bad.Id ? "failed" : "stored"), saved);
        Assert.Equal(2 * (SourceCount - 2), (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category), Limit = 500 }, Ct)).Count);
        foreach (var source in claimed)
        {
            var isStored = source.Id != lost.Id && source.Id != bad.Id;
            Assert.Equal(isStored ? 2 : 0, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source.Id) }, Ct)).Count);
            Assert.Equal(isStored ? null : source.Id == lost.Id ? "other" : "me", (await Sources.FindAsync(source.Id, Ct))!.LeaseOwner);
        }

        // One that failed may come again.
        Assert.True(await Refreshes.SaveAsync(
            new RefreshWrite { Source = DocumentStored(bad, Now), LeaseOwner = "me", At = Now, MayWait = true, Added = [AnEntry("one")] }, Ct));
    }

    [Fact]
    public async Task Writes_of_a_refresh_without_a_document_its_health_and_leaves_what_documents_said()
    {
        var id = await AddSourceAsync();
        var claimed = (await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(5), Ct))!;
        var known = claimed with
        {
            Feed = new FeedFacts { Title = "新闻", Language = "zh" },
            Validators = new Validators { ETag = "\"1\"", BodyHash = new byte[] { 9, 8 }, ObtainedAt = Now, ParserVersion = 3 },
            Rhythm = PostingRhythm.Of([Now.AddDays(-30), Now.AddDays(-1), Now.AddHours(-5)], Now),
            LastDocumentAt = Now,
            HealthNote = "mended",
        };
        Assert.True(await Refreshes.SaveAsync(new RefreshWrite { Source = known, LeaseOwner = "me", At = Now }, Ct));

        var again = (await Sources.ClaimAsync(id, "me", Now, Now.AddMinutes(5), Ct))!;
        var failed = again with
        {
            Validators = again.Validators with { ETag = "W/\"引\\号\"", LastModified = "Sun, 01 Mar 2026 07:00:00 GMT", ObtainedAt = Now.AddDays(1) },
            NextFetchAt = Now.AddHours(2),
            ScheduleReason = "Failing",
            LastFetchAt = Now.AddHours(1),
            FailureCount = 1,
            LastFailure = new FetchFailure(FetchFailureKind.ServerError, "503 上游 \"x\" \\ 😀", Now.AddHours(1), 503),
            Churn = 7,
            LastFetchDuration = TimeSpan.FromMilliseconds(1234),
            FetchState = new FetchState { Proposals = [new ProposedFeed("https://example.org/other.xml", "另一个")] },
        };
        var fetch = new FetchRecord { At = Now.AddHours(1), Kind = FetchRecordKind.Failed, Duration = TimeSpan.FromMilliseconds(1234), Status = 503, Bytes = 12, Redirects = 2, Failure = failed.LastFailure };
        // What only a document says is not looked at, whatever stands in it.
        var write = new RefreshWrite { Source = failed with { Feed = new FeedFacts { Title = "other" }, HealthNote = "other" }, LeaseOwner = "me", At = Now.AddHours(1), IsQuiet = true, Fetch = fetch };
        Assert.True(await Refreshes.SaveAsync(write, Ct));
        Assert.False(await Refreshes.SaveAsync(write, Ct));

        var saved = (await Sources.FindAsync(id, Ct))!;
        Assert.Equal(new byte[] { 9, 8 }, saved.Validators.BodyHash.ToArray());
        Assert.Equal("另一个", Assert.Single(saved.FetchState.Proposals!).Title);
        Assert.Equal(
            failed with { LeaseOwner = null, LeaseUntil = null, FetchState = FetchState.Nothing, Validators = failed.Validators with { BodyHash = default } },
            saved with { FetchState = FetchState.Nothing, Validators = saved.Validators with { BodyHash = default } });
        var logged = Assert.Single((await Get<ISourceAdminStore>().FindAsync(id, Now, Ct))!.Fetches);
        Assert.Equal((fetch.Kind, fetch.Duration, fetch.Status, fetch.Bytes, fetch.Redirects, fetch.Failure.Message), (logged.Kind, logged.Duration, logged.Status, logged.Bytes, logged.Redirects, logged.Failure!.Message));
    }

    [Fact]
    public async Task Keeps_fifty_fetches_also_of_those_that_brought_nothing()
    {
        var id = await AddSourceAsync();
        for (var i = 0; i < FetchRecord.Kept + 3; i++)
        {
            var at = Now.AddMinutes(i);
            var claimed = (await Sources.ClaimAsync(id, "me", at, at.AddMinutes(5), Ct))!;
            Assert.True(await Refreshes.SaveAsync(
                new RefreshWrite { Source = claimed with { LastFetchAt = at }, LeaseOwner = "me", At = at, IsQuiet = true, Fetch = new FetchRecord { At = at, Kind = FetchRecordKind.NotModified } }, Ct));
        }

        var fetches = (await Get<ISourceAdminStore>().FindAsync(id, Now, Ct))!.Fetches;
        Assert.Equal(FetchRecord.Kept, fetches.Count);
        Assert.Equal((Now.AddMinutes(FetchRecord.Kept + 2), Now.AddMinutes(3)), (fetches[0].At, fetches[^1].At));
    }

    [Fact]
    public async Task Loses_no_entry_to_a_category_that_is_added_during_refreshes()
    {
        const int Rounds = 20;
        var source = await AddSourceAsync("https://example.org/a");
        var categories = new List<long>();
        for (var i = 0; i < Rounds; i++) categories.Add(await AddCategoryAsync($"c{i}"));

        await Task.WhenAll(
            Task.Run(async () =>
            {
                for (var i = 0; i < Rounds; i++) await RefreshAsync(source, Now.AddHours(i), AnEntry($"e{i}"));
            }, Ct),
            Task.Run(async () =>
            {
                for (var i = 1; i <= Rounds; i++) await Get<ISourceAdminStore>().SetCategoriesAsync([source], [.. categories.Take(i)], Now, Ct);
            }, Ct));

        foreach (var category in categories)
            Assert.Equal(Rounds, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(category) }, Ct)).Count);
    }

    private async Task<TopicVersion[]> VersionsAsync(long category, long source) =>
    [
        await Entries.VersionAsync(Topic.Everything, Ct),
        await Entries.VersionAsync(Topic.Category(category), Ct),
        await Entries.VersionAsync(Topic.Source(source), Ct),
    ];

    /// <summary>Records compare lists and memory by reference.</summary>
    private static void AssertSame(Entry expected, Entry actual)
    {
        Assert.Equal(expected.Authors, actual.Authors);
        Assert.Equal(expected.Tags, actual.Tags);
        Assert.Equal(expected.Enclosures, actual.Enclosures);
        Assert.Equal(expected.ContentHash.ToArray(), actual.ContentHash.ToArray());
        Assert.Equal(
            expected with { Authors = [], Tags = [], Enclosures = [], ContentHash = default },
            actual with { Authors = [], Tags = [], Enclosures = [], ContentHash = default });
    }
}

public sealed class SqliteRefreshStoreTests() : RefreshStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlRefreshStoreTests() : RefreshStoreTests(StoreProvider.PostgreSql);
