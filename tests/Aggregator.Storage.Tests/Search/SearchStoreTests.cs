using System.Globalization;
using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Storage.Search;
using Aggregator.Testing;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Aggregator.Storage.Tests.Search;

public abstract class SearchStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private ISearchStore Search => Get<ISearchStore>();

    [Theory]
    [InlineData("手机", "phone")]
    [InlineData("果", "phone")]
    [InlineData("格", "phone")]
    [InlineData("蘋果手機", "phone")]
    [InlineData("ＡＰＰＬＥ", "phone")]
    [InlineData("\"apple inc\"", "phone")]
    [InlineData("apple, inc", "phone")]
    [InlineData("app", "")]
    [InlineData("title:苹果", "phone")]
    [InlineData("标题：价格", "")]
    [InlineData("author:张三", "phone")]
    [InlineData("张三", "phone")]
    [InlineData("author:apple", "")]
    [InlineData("source:滨海", "harbour phone")]
    [InlineData("-手机", "harbour")]
    [InlineData("-\"apple store\" source:日报", "harbour phone")]
    [InlineData("-source:滨海", "")]
    [InlineData("source:nobody", "")]
    [InlineData("气温", "harbour")]
    [InlineData("cafe\u0301", "harbour")]
    [InlineData("\u202Eharbour\u202C", "harbour")]
    [InlineData("\"手机 harbour", "")]
    [InlineData("title: author:", "")]
    [InlineData("OR AND NOT NEAR(", "")]
    [InlineData("title:\"港口\" -\"", "harbour")]
    public async Task Finds_by_words_and_operators(string query, string expected)
    {
        await AFewAsync();

        Assert.Equal(expected, string.Join(' ', (await FindAsync(query)).Hits.Select(hit => hit.Stored.Entry.Key).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("' or 1=1 --")]
    [InlineData("\"\"\"")]
    [InlineData("a* ^b {c d}: NEAR(e f, 10)")]
    [InlineData("\\' & | ! <-> :*")]
    [InlineData("%_[]()\\")]
    [InlineData("\0\ud800\udc00\udfff \ud800")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\uFFFE title:\uFFFE\uFFFF")]
    public async Task Nothing_that_is_typed_is_an_error(string query)
    {
        await AFewAsync();

        Assert.InRange((await FindAsync(query)).Count, 0, 2);
    }

    [Fact]
    public async Task Marks_what_was_looked_for_as_it_was_written()
    {
        await AFewAsync();

        var hit = Assert.Single((await FindAsync("蘋果 PRICE")).Hits);

        Assert.Equal([new TextPiece("苹果", true), new TextPiece("手机 <b>", false)], hit.Title);
        Assert.Contains(new TextPiece("ｐｒｉｃｅ", true), hit.Passage!);
        Assert.Equal("苹果手机 Apple, Inc. 张三说：价格 ｐｒｉｃｅ & more", string.Concat(hit.Passage!.Select(piece => piece.Text)));
    }

    [Fact]
    public async Task Narrows_by_category_source_language_and_time_and_pages_through_all()
    {
        var category = await AddCategoryAsync();
        var one = await AddSourceAsync("https://example.org/a", category);
        var two = await AddSourceAsync("https://example.org/b");
        await RefreshAsync(one, Now, [.. Enumerable.Range(0, 25).Select(i => AnEntry($"a{i:00}", Now.AddHours(-i)) with { Language = i % 2 == 0 ? "zh-CN" : "en" })]);
        await RefreshAsync(two, Now, AnEntry("b", Now.AddHours(-3).AddMinutes(-1)));
        await IndexAsync();
        var all = new SearchRequest { Query = SearchQuery.Parse("content") };

        Assert.Equal(26, (await Search.SearchAsync(all, Ct)).Count);
        Assert.Equal(25, (await Search.SearchAsync(all with { CategoryId = category }, Ct)).Count);
        Assert.Equal(1, (await Search.SearchAsync(all with { SourceId = two }, Ct)).Count);
        Assert.Equal(13, (await Search.SearchAsync(all with { Language = "ZH" }, Ct)).Count);
        Assert.Equal(["b", "a03"], (await Search.SearchAsync(all with { From = Now.AddHours(-3.5), To = Now.AddHours(-2.5) }, Ct)).Hits.Select(hit => hit.Stored.Entry.Key).OrderDescending());

        foreach (var order in (SearchOrder[])[SearchOrder.Newest, SearchOrder.Relevance])
        {
            var paged = new List<string>();
            for (SearchKey? after = null; ;)
            {
                var page = await Search.SearchAsync(all with { Limit = 7, After = SearchKey.Parse(after?.ToString()), Order = order }, Ct);
                Assert.Equal(26, page.Count);
                paged.AddRange(page.Hits.Select(hit => hit.Stored.Entry.Key));
                if ((after = page.Next) is null) break;
            }

            Assert.Equal(26, paged.Distinct().Count());
            Assert.Equal(["a00", "a01", "a02", "a03", "b", "a04"], paged.Take(6));
        }
    }

    [Fact]
    public async Task Puts_what_has_the_words_in_its_title_first_when_asked()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, AnEntry("new", Now) with { Content = "<p>about bridges</p>" }, AnEntry("old", Now.AddDays(-9)) with { Title = "Bridges" });
        await IndexAsync();
        var request = new SearchRequest { Query = SearchQuery.Parse("bridges") };

        Assert.Equal(["new", "old"], (await Search.SearchAsync(request, Ct)).Hits.Select(hit => hit.Stored.Entry.Key));
        Assert.Equal(["old", "new"], (await Search.SearchAsync(request with { Order = SearchOrder.Relevance }, Ct)).Hits.Select(hit => hit.Stored.Entry.Key));
    }

    [Fact]
    public async Task What_has_the_words_in_its_title_comes_first_however_many_newer_ones_have_them_elsewhere()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now.AddDays(-9), AnEntry("old", Now.AddDays(-9)) with { Title = "Old bridges", Content = "<p>of the river</p>" });
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 1_100).Select(i => AnEntry($"e{i}", Now.AddMinutes(-i)) with { Content = "<p>old bridges</p>" })]);
        await IndexAsync();

        var page = await Search.SearchAsync(new SearchRequest { Query = SearchQuery.Parse("bridges old"), Order = SearchOrder.Relevance }, Ct);

        Assert.Equal((1_000, true), CountOf(page));
        Assert.Equal(["old", "e0", "e1"], page.Hits.Take(3).Select(hit => hit.Stored.Entry.Key));
    }

    [Fact]
    public async Task Follows_changes_and_finds_earlier_versions_when_asked()
    {
        var source = await AddSourceAsync();
        var id = (await RefreshAsync(source, Now, AnEntry("one") with { Content = "<p>首版文字 zebra</p>" }))["one"];
        await IndexAsync();
        var before = await Search.VersionAsync(Ct);
        await ChangeAsync(source, id, "<p>第二版文字 giraffe</p>", 1);
        await ChangeAsync(source, id, "<p>第三版文字 zebu</p>", 2);
        await IndexAsync();

        Assert.True((await Search.VersionAsync(Ct)).Number > before.Number);
        Assert.Empty((await FindAsync("zebra")).Hits);
        Assert.Equal("one", Assert.Single((await FindAsync("zebu")).Hits).Stored.Entry.Key);
        var hit = Assert.Single((await FindAsync("zebra", withVersions: true)).Hits);
        Assert.Equal((id, Now), (hit.Stored.Id, hit.EarlierVersionAt));
        Assert.Contains(new TextPiece("zebra", true), hit.Passage!);

        // Of several the newest, and not an earlier one when the entry says it now.
        Assert.Equal(Now.AddHours(1), Assert.Single((await FindAsync("giraffe", withVersions: true)).Hits).EarlierVersionAt);
        Assert.Null(Assert.Single((await FindAsync("版文字", withVersions: true)).Hits).EarlierVersionAt);

        // What retention thins leaves the index with its text.
        var retention = Get<IRetentionStore>();
        await retention.ThinAsync(await retention.ReadPlanAsync(RetentionRule.ForEver, new RetentionRule(Days: 1, Count: 1), Ct), Now.AddYears(5), 100, Ct);
        Assert.Empty((await FindAsync("giraffe", withVersions: true)).Hits);
    }

    [Fact]
    public async Task What_waits_is_kept_until_it_is_done_and_doing_it_twice_changes_nothing()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 30).Select(i => AnEntry("e" + i.ToString(CultureInfo.InvariantCulture)))]);
        Assert.Equal(10, await Search.IndexAsync(10, Now, Ct));

        // Another process, after a crash, begins with the rest; and two at once do no harm.
        await Database.WriteAsync(session => session.ExecuteAsync("insert into search_queue (entry_id) select id from entry"), Ct);
        await Task.WhenAll(IndexAsync(), IndexAsync());

        Assert.Equal(0, await Search.IndexAsync(10, Now, Ct));
        Assert.Equal(30, (await FindAsync("content")).Count);
    }

    [Fact]
    public async Task What_is_taken_down_is_out_at_once_back_when_undone_and_out_of_the_files_when_purged()
    {
        const string Marker = "rhododendronium";
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, [AnEntry("gone") with { Content = $"<p>{Marker} 魑魅魍魉</p>" }, .. Enumerable.Range(0, 300).Select(i => AnEntry("e" + i.ToString(CultureInfo.InvariantCulture)))]);
        await IndexAsync();
        await ChangeAsync(source, ids["gone"], $"<p>{Marker}b</p>", 1);
        await IndexAsync();
        var takedowns = Get<ITakedownStore>();
        Assert.Single((await FindAsync(Marker, withVersions: true)).Hits);

        var number = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(ids["gone"], TakedownReason.Privacy, "x", null), Now, Ct)).RequestId;
        Assert.Equal(TakedownOutcome.Done, await takedowns.ApproveAsync(number, false, null, "ann", TimeSpan.FromDays(1), Now, Ct));
        Assert.Empty((await FindAsync(Marker + "b", withVersions: true)).Hits);
        Assert.Empty((await FindAsync(Marker, withVersions: true)).Hits);

        Assert.Equal(TakedownOutcome.Done, await takedowns.UndoAsync(number, Now, Ct));
        await IndexAsync();
        Assert.Single((await FindAsync(Marker + "b")).Hits);
        Assert.Single((await FindAsync("魑魅", withVersions: true)).Hits);

        await takedowns.ApproveAsync(number, false, null, "ann", TimeSpan.Zero, Now, Ct);
        Assert.Equal(1, await takedowns.PurgeAsync(Now.AddMinutes(1), Ct));
        await StoreFiles.AssertAbsentAsync(Database, ConnectionString, Marker);
        await StoreFiles.AssertAbsentAsync(Database, ConnectionString, "魑魅");
        Assert.Equal(300, (await FindAsync("content")).Count);
    }

    [Fact]
    public async Task Counts_exactly_up_to_a_thousand()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 1_200).Select(i => AnEntry($"e{i}") with { Content = i < 1_000 ? "<p>常见的词 thousand</p>" : "<p>常见的</p>" })]);
        await IndexAsync();

        Assert.Equal((1_000, false), CountOf(await FindAsync("thousand")));
        Assert.Equal((1_000, false), CountOf(await FindAsync("常见的词")));
        Assert.Equal((1_000, true), CountOf(await FindAsync("常见")));
        Assert.Equal((1_000, true), CountOf(await FindAsync("常见的")));
    }

    [Fact]
    public async Task Finds_everything_that_a_literal_scan_finds_and_nothing_else()
    {
        const int Count = 20_000;
        const int Queries = 500;
        var corpus = SearchCorpus.Open();
        var random = new Random(20261124);
        var source = await AddSourceAsync();
        var texts = Enumerable.Range(0, Count).Select(_ => corpus.Text(random, random.Next(40, 300))).ToList();
        for (var i = 0; i < Count; i += 2_000)
            await RefreshAsync(source, Now.AddMinutes(i), [.. Enumerable.Range(i, 2_000).Select(n => AnEntry("e" + n.ToString(CultureInfo.InvariantCulture)) with
            {
                Title = texts[n].Title,
                Summary = null,
                Content = "<p>" + WebUtility.HtmlEncode(texts[n].Body) + "</p>",
            })]);
        await IndexAsync();

        var written = texts.ConvertAll(text => text.Title + "\n" + text.Body);
        var scannable = written.ConvertAll(SearchCorpus.Scannable);
        long expected = 0;
        for (var q = 0; q < Queries; q++)
        {
            var query = SearchCorpus.Query(random, written);
            var scanned = Enumerable.Range(0, Count).Where(i => SearchCorpus.Scan(scannable[i], query)).Select(i => "e" + i.ToString(CultureInfo.InvariantCulture)).ToHashSet();
            var found = new List<string>();
            SearchPage page;
            SearchKey? after = null;
            do
            {
                page = await Search.SearchAsync(new SearchRequest { Query = SearchQuery.Parse(query), Limit = 100, After = after }, Ct);
                found.AddRange(page.Hits.Select(hit => hit.Stored.Entry.Key));
                after = page.Next;
            }
            while (after is not null && found.Count < 300);

            Assert.Equal(scanned.Count > SearchPage.MaxCounted, page.HasMore);
            Assert.True(Math.Min(scanned.Count, SearchPage.MaxCounted) == page.Count, $"“{query}”: {scanned.Count} by a scan, {page.Count} by the index.");
            Assert.All(found, key => Assert.True(scanned.Contains(key), $"“{query}” does not stand in {key}."));
            if (after is null) Assert.Equal(page.Count, found.Distinct().Count());
            expected += scanned.Count;
        }

        Assert.True(expected > Queries * 5, "The searches find too little to prove anything.");
    }

    [Fact]
    public async Task Parts_of_the_index_are_merged_and_what_changed_is_found_as_it_is_now()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, [.. Enumerable.Range(0, 70).Select(i => AnEntry($"e{i}") with { Content = i < 60 ? "<p>first zebra</p>" : "<p>other</p>" })]);
        while (await Search.IndexAsync(2, Now, Ct) > 0)
        {
        }

        Assert.Equal(35, await SegmentsAsync());
        for (var i = 0; i < 20; i++) await ChangeAsync(source, ids[$"e{i}"], "<p>second giraffe</p>", i + 1);
        while (await Search.IndexAsync(3, Now, Ct) > 0)
        {
        }

        var expected = ((40, false), (20, false), (10, false));
        Assert.Equal(expected, (CountOf(await FindAsync("zebra")), CountOf(await FindAsync("giraffe")), CountOf(await FindAsync("other"))));
        while (await Search.MergeAsync(Ct) > 0)
        {
        }

        Assert.InRange(await SegmentsAsync(), 1, 20);
        Assert.Equal(expected, (CountOf(await FindAsync("zebra")), CountOf(await FindAsync("giraffe")), CountOf(await FindAsync("other"))));
        Assert.Equal((60, false), CountOf(await FindAsync("zebra", withVersions: true)));
    }

    [Fact]
    public async Task What_is_merged_while_a_search_reads_it_is_found_all_the_same()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 160).Select(i => AnEntry($"e{i}"))]);
        while (await Search.IndexAsync(10, Now, Ct) > 0)
        {
        }

        var merged = 0;
        Database.Watch = (statement, _) =>
        {
            if (merged == 0 && statement.StartsWith("select id, data from search_block", StringComparison.Ordinal)) merged = Merge();
        };
        var page = await FindAsync("content");
        Database.Watch = null;

        Assert.Equal(80, merged);
        Assert.Equal(9, await SegmentsAsync());
        Assert.Equal((160, false), CountOf(page));

        int Merge()
        {
            merged = -1;
            return Task.Run(() => Search.MergeAsync(Ct), Ct).GetAwaiter().GetResult();
        }
    }

    [Fact]
    public async Task The_longest_search_is_none_too_many()
    {
        var text = string.Concat(Enumerable.Range(0, SearchQuery.MaxLength).Select(i => (char)(0x4E00 + i * 37)));
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, AnEntry("long") with { Content = $"<p>{text}</p>" });
        await IndexAsync();

        Assert.Equal((1, false), CountOf(await FindAsync(text)));
        Assert.Equal((1, false), CountOf(await FindAsync(string.Join(' ', text[..480].Chunk(29).Select(part => new string(part))))));
    }

    [Fact]
    public async Task Of_what_has_all_parts_of_a_phrase_only_what_may_have_them_apart_is_read()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(
            source,
            Now,
            [
                .. Enumerable.Range(0, 40).Select(i => AnEntry($"has{i}") with { Content = "<p>今日港口城市新闻</p>" }),
                AnEntry("apart") with { Content = "<p>大港口城与口城市镇</p>" }, // 港口城 and 口城市, and nowhere 港口城市
                AnEntry("both") with { Content = "<p>大港口城与口城市镇，港口城市</p>" },
            ]);
        await IndexAsync();
        var read = new List<string>();
        Database.Watch = (statement, _) =>
        {
            if (statement.Contains("snapshot_document.document", StringComparison.Ordinal) && !statement.Contains("entry.key", StringComparison.Ordinal)) read.Add(statement);
        };

        var page = await FindAsync("港口城市");

        Assert.Equal((41, false), CountOf(page));
        Assert.Single(read);
        Assert.Equal((1, false), CountOf(await FindAsync("-今日 港口城市")));
        Assert.Equal((2, false), CountOf(await FindAsync("-今日 口城市")));
        Assert.Equal((1, false), CountOf(await FindAsync("-港口城市")));
        Database.Watch = null;
    }

    [Fact]
    public async Task A_search_that_takes_too_long_answers_with_what_it_found_until_then()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 60).Select(i => AnEntry($"e{i}", Now.AddHours(-i)) with { Content = "<p>very long words</p>" })]);
        await IndexAsync();
        var clock = new FakeTimeProvider(Now);
        using var places = new SearchPlaces(Database, clock);
        var search = new SearchStore(Database, Get<SearchIndex>(), places, clock);
        var request = new SearchRequest { Query = SearchQuery.Parse("\"very long words\"") };
        Assert.Equal((60, false), CountOf(await search.SearchAsync(request, Ct)));

        // Texts are read fifty at a time; the time ends before the second fifty.
        var reads = 0;
        Database.Watch = (statement, _) =>
        {
            if (statement.Contains("snapshot_document.document", StringComparison.Ordinal) && ++reads == 2) clock.Advance(SearchStore.MaxTime);
        };
        Assert.Equal((50, true), CountOf(await search.SearchAsync(request, Ct)));

        Database.Watch = (statement, _) =>
        {
            if (statement.Contains("from search_block", StringComparison.Ordinal)) clock.Advance(SearchStore.MaxTime);
        };
        Assert.Equal((0, true), CountOf(await search.SearchAsync(request, Ct)));
        Database.Watch = null;
    }

    [Fact]
    public async Task What_is_asked_for_by_days_is_found_behind_any_number_of_newer_entries_and_the_newest_before_any_number_of_older_ones()
    {
        var source = await AddSourceAsync();
        var now = TimeProvider.System.GetUtcNow();
        await RefreshAsync(source, now, [AnEntry("wanted", now.AddDays(-100)) with { Title = "云溪" }]);
        for (var batch = 0; batch < 6; batch++)
            await RefreshAsync(source, now, [.. Enumerable.Range(0, 1_700).Select(i => AnEntry($"new {batch} {i}", now.AddMinutes(-i)) with { Title = "云溪" })]);
        // What a source has had for years comes in last, when the source does.
        await RefreshAsync(await AddSourceAsync("https://example.org/past"), now, [.. Enumerable.Range(0, 1_100).Select(i => AnEntry($"past {i}", now.AddYears(-5).AddMinutes(-i)) with { Title = "云溪" })]);
        while (await Search.IndexAsync(ISearchStore.MaxBatch, now, Ct) > 0)
        {
        }

        var all = new SearchRequest { Query = SearchQuery.Parse("云溪"), Limit = 10 };
        var day = await Search.SearchAsync(all with { From = now.AddDays(-101), To = now.AddDays(-99) }, Ct);
        Assert.Equal(("wanted", 1, false), (Assert.Single(day.Hits).Stored.Entry.Key, day.Count, day.HasMore));
        foreach (var asked in new[] { all, all with { From = now.AddYears(-6) } })
            Assert.All((await Search.SearchAsync(asked, Ct)).Hits, hit => Assert.StartsWith("new ", hit.Stored.Entry.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Several_searches_together_take_no_longer_than_one_and_leave_to_others_what_they_do_not_need()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 60).Select(i => AnEntry($"e{i}", Now.AddHours(-i)) with { Content = "<p>very long words</p>" })]);
        await IndexAsync();
        var clock = new FakeTimeProvider(Now);
        using var places = new SearchPlaces(Database, clock);
        var search = new SearchStore(Database, Get<SearchIndex>(), places, clock);
        var (slow, quick) = (new SearchRequest { Query = SearchQuery.Parse("\"very long words\"") }, new SearchRequest { Query = SearchQuery.Parse("nowhere") });

        // Fifty texts are read in a quarter of the time that there is.
        var reads = 0;
        Database.Watch = (statement, _) =>
        {
            if (!statement.Contains("snapshot_document.document", StringComparison.Ordinal)) return;
            reads++;
            clock.Advance(SearchStore.MaxTime / 4);
        };
        Assert.Equal(60, (await search.FindPlacesAsync([quick, quick, slow], Ct)).Count);
        Assert.Equal(2, reads);

        // Of two, each has half of it; of five, none has enough for its first fifty.
        foreach (var (searches, found) in new[] { (2, 50), (5, 0) })
        {
            (var start, reads) = (clock.GetUtcNow(), 0);
            Assert.Equal(found, (await search.FindPlacesAsync([.. Enumerable.Repeat(slow, searches)], Ct)).Count);
            Assert.Equal((SearchStore.MaxTime, 4), (clock.GetUtcNow() - start, reads));
        }

        Database.Watch = null;
    }

    [Fact]
    public async Task A_visitor_who_leaves_ends_the_statement_that_still_runs()
    {
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => Database.ReadAsync(
            session => session.FindAsync<long>("with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000000000) select count(*) from n"), leaving.Token), Ct));

        // The next reader knows nothing of it.
        Assert.Equal(1, await Database.ReadAsync(session => session.FindAsync<long>("select 1"), Ct));
    }

    private static (int Count, bool HasMore) CountOf(SearchPage page) => (page.Count, page.HasMore);

    private Task<SearchPage> FindAsync(string query, bool withVersions = false) =>
        Search.SearchAsync(new SearchRequest { Query = SearchQuery.Parse(query), WithVersions = withVersions }, Ct);

    private Task<long> SegmentsAsync() => Database.ReadAsync(session => session.FindAsync<long>("select count(*) from search_segment"), Ct);

    private async Task IndexAsync()
    {
        while (await Search.IndexAsync(ISearchStore.MaxBatch, Now, Ct) > 0 || await Search.MergeAsync(Ct) > 0)
        {
        }
    }

    private async Task ChangeAsync(long source, long id, string content, int hours)
    {
        Assert.True(await SaveAsync(source, Now.AddHours(hours), write => write with
        {
            Changed = [(id, AnEntry("one") with { Content = content, Summary = null, ContentHash = new[] { (byte)(10 + hours) } })],
        }));
    }

    private async Task AFewAsync()
    {
        var source = await AddSourceAsync();
        Assert.True(await SaveAsync(source, Now, write => write with
        {
            Source = write.Source with { Feed = write.Source.Feed with { Title = "濱海日報" } },
            Added =
            [
                AnEntry("phone") with
                {
                    Title = "苹果手机 <b>", Summary = null, Authors = [new Person("张三")],
                    Content = "<p>苹果手机 Apple, Inc. 张三说：价<b>格</b></p><p>ｐｒｉｃｅ &amp; more</p>", Tags = ["科技"],
                },
                AnEntry("harbour") with { Title = "港口 harbour", Summary = null, Content = "<p>今日氣溫 café 十度</p>" },
            ],
        }));
        await IndexAsync();
    }
}

public sealed class SqliteSearchStoreTests() : SearchStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlSearchStoreTests() : SearchStoreTests(StoreProvider.PostgreSql);
