using System.Globalization;
using System.Net;
using Aggregator.Core.Model;
using Aggregator.Core.Related;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Aggregator.Storage.Related;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Storage.Tests.Related;

public abstract class RelatedStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private IRelatedStore Related => Get<IRelatedStore>();

    [Fact]
    public async Task Finds_what_a_portal_showed_as_related()
    {
        Assert.SkipUnless(RelatedCorpus.SkipReason is null, RelatedCorpus.SkipReason ?? "");
        var documents = RelatedCorpus.Read("seed.jsonl");
        var ids = await StoreAsync(documents);

        var ranking = await RankAsync(ids, documents.Single(document => document.Group == "query"));

        var right = ranking.Take(9).Count(id => documents.Any(document => document.Id == id && document.Group == "related"));
        TestContext.Current.TestOutputHelper?.WriteLine($"{right} of the first 9");
        Assert.InRange(right, 8, 9);
    }

    [Fact]
    public async Task Finds_what_publishers_tagged_alike()
    {
        Assert.SkipUnless(RelatedCorpus.SkipReason is null, RelatedCorpus.SkipReason ?? "");
        var documents = RelatedCorpus.Read("tags.jsonl");
        var ids = await StoreAsync(documents);
        var rankings = new Dictionary<int, IReadOnlyList<int>>();
        foreach (var document in documents.Where(document => document.Related.Count > 0)) rankings.Add(document.Id, await RankAsync(ids, document));

        var score = RelatedCorpus.Ndcg(documents, document => rankings[document.Id]);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"nDCG@5 {score:0.000}"));
        Assert.InRange(score, 0.55, 1);
    }

    [Fact]
    public async Task An_article_of_last_year_gets_the_follow_up_of_today()
    {
        var harbour = await AddSourceAsync("https://example.org/harbour");
        var other = await AddSourceAsync("https://example.org/other");
        var old = (await RefreshAsync(harbour, Now.AddYears(-1), Article("old", "Zandvliet lock closes for repairs", "The gates of the Zandvliet lock are worn, the port authority said.", Now.AddYears(-1))))["old"];
        await RefreshAsync(other, Now.AddYears(-1), Noise(30));
        await IndexAsync();
        var before = await Related.FindAsync(old, Now, Ct);
        Assert.DoesNotContain("new", Keys(before));
        await Related.KeepAsync([before], Now, Ct);

        var follow = (await RefreshAsync(other, Now, Article("new", "Repaired gates return to Zandvliet", "After a year the lock at Zandvliet opens again to ships of every size.", Now)))["new"];
        await IndexAsync();

        // A page that many read is not looked up for each batch: for a minute it shows what is kept.
        var kept = await Related.FindAsync(old, Now.AddSeconds(59), Ct);
        Assert.True(kept.IsKept);
        Assert.Equal(Keys(before), Keys(kept));
        var renewed = await Related.FindAsync(old, Now.AddMinutes(1), Ct);
        Assert.False(renewed.IsKept);
        Assert.Equal("new", Keys(renewed)[0]);
        Assert.Equal("old", Keys(await Related.FindAsync(follow, Now, Ct))[0]);

        // Once kept it is read, as long as nothing came, however long that is; with the same passages.
        await Related.KeepAsync([renewed], Now.AddMinutes(1), Ct);
        var read = await Related.FindAsync(old, Now.AddYears(1), Ct);
        Assert.True(read.IsKept);
        Assert.Equal(renewed.Articles.Select(article => (article.Stored.Id, article.Passage)), read.Articles.Select(article => (article.Stored.Id, article.Passage)));
    }

    [Fact]
    public async Task The_passage_is_the_one_that_makes_it_related()
    {
        var source = await AddSourceAsync();
        var filler = string.Concat(Enumerable.Repeat("本市今日天气晴朗，市民纷纷走出家门。", 20));
        var ids = await RefreshAsync(source, Now, [
            Article("one", "重庆国际生物城创新发展", "重庆国际生物城智翔金泰登陆科创板。", Now),
            Article("two", "每日要闻", filler + "记者从会上获悉，智翔金泰在重庆国际生物城新建的厂房封顶。" + filler, Now.AddHours(-1)),
            .. Noise(10)]);
        await IndexAsync();

        var two = Assert.Single((await Related.FindAsync(ids["one"], Now, Ct)).Articles, article => article.Stored.Id == ids["two"]);

        Assert.StartsWith("…记者从会上获悉，智翔金泰在重庆国际生物城新建的厂房封顶。", two.Passage, StringComparison.Ordinal);
        Assert.EndsWith("…", two.Passage, StringComparison.Ordinal);
        Assert.Null(two.Stored.Entry.Content);
    }

    [Fact]
    public async Task Leaves_out_what_is_the_same_story()
    {
        const string Lead = "The gates of the Zandvliet lock are worn, the port authority said on Monday, and ships will wait until autumn.";
        var one = await AddSourceAsync("https://example.org/one");
        var two = await AddSourceAsync("https://example.org/two");
        var ids = await RefreshAsync(one, Now, [Article("original", "Zandvliet lock closes", Lead, Now), Article("related", "Zandvliet waits for gates", "Skippers at the lock have time for coffee.", Now), .. Noise(20)]);
        var copies = await RefreshAsync(two, Now, [
            Article("address", "Something about the Zandvliet lock", "Gates are worn.", Now) with { Url = "https://example.org/original" },
            Article("headline", "Zandvliet lock closes", Lead + " More tonight.", Now),
            Article("text", "Ships have to wait", Lead, Now),
            Article("told", "A lock called Zandvliet is worn", "Its gates, a reader writes.", Now)]);
        await IndexAsync();

        Assert.Equal(["related", "told"], Keys(await Related.FindAsync(ids["original"], Now, Ct)).Where(key => !key.StartsWith("noise", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

        // Of one story that is related only one article is shown; and who knows the stories is asked.
        Assert.Single(Keys(await Related.FindAsync(ids["related"], Now, Ct)), key => key is "original" or "headline" or "text" or "address");
        using var knowing = new RelatedStore(Database, TimeProvider.System, new Stories(new() { [ids["original"]] = 7, [copies["told"]] = 7 }));
        Assert.DoesNotContain("told", Keys(await knowing.FindAsync(ids["original"], Now, Ct)));
    }

    [Fact]
    public async Task Never_shows_entries_of_a_deleted_source()
    {
        var (ids, deleted) = await TwoOfAKindAsync();
        var found = await Related.FindAsync(ids["one"], Now, Ct);
        Assert.Contains("two", Keys(found));
        await Related.KeepAsync([found], Now, Ct);

        await Database.WriteAsync(session => session.ExecuteAsync("update source set state = 4 where id = @deleted", new { deleted }), Ct);

        Assert.DoesNotContain("two", Keys(await Related.FindAsync(ids["one"], Now, Ct)));
        await Database.WriteAsync(session => session.ExecuteAsync("delete from related_list"), Ct);
        Assert.DoesNotContain("two", Keys(await Related.FindAsync(ids["one"], Now, Ct)));
        Assert.Empty((await Related.FindAsync(ids["two"], Now, Ct)).Articles);
    }

    [Fact]
    public async Task What_is_taken_down_is_out_at_once_back_when_undone_and_out_of_the_files_when_purged()
    {
        const string Marker = "rhododendronium";
        var (ids, _) = await TwoOfAKindAsync(Marker);
        var found = await Related.FindAsync(ids["one"], Now, Ct);
        Assert.Contains(Marker, found.Articles.Single(article => article.Stored.Id == ids["two"]).Passage, StringComparison.Ordinal);
        await Related.KeepAsync([found], Now, Ct);

        var takedowns = Get<ITakedownStore>();
        var number = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(ids["two"], TakedownReason.Privacy, "x", null), Now, Ct)).RequestId;
        await takedowns.ApproveAsync(number, false, null, "ann", TimeSpan.FromDays(1), Now, Ct);
        Assert.DoesNotContain("two", Keys(await Related.FindAsync(ids["one"], Now, Ct)));

        await takedowns.UndoAsync(number, Now, Ct);
        await IndexAsync();
        found = await Related.FindAsync(ids["one"], Now.AddMinutes(1), Ct);
        Assert.Contains("two", Keys(found));
        await Related.KeepAsync([found], Now.AddMinutes(1), Ct);

        // What was found before it went is not kept after.
        await takedowns.ApproveAsync(number, false, null, "ann", TimeSpan.Zero, Now, Ct);
        await Related.KeepAsync([found], Now.AddMinutes(1), Ct);
        Assert.Equal(1, await takedowns.PurgeAsync(Now.AddMinutes(2), Ct));
        await StoreFiles.AssertAbsentAsync(Database, ConnectionString, Marker);
        Assert.DoesNotContain("two", Keys(await Related.FindAsync(ids["one"], Now.AddMinutes(2), Ct)));
    }

    [Fact]
    public async Task What_waits_is_kept_until_it_is_done_and_follows_changes()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, [Article("one", "Zandvliet lock closes", "Its gates are worn.", Now), Article("two", "Markets", "A quiet day.", Now), .. Noise(20)]);
        Assert.Equal(5, await Related.IndexAsync(5, Ct));
        await Database.WriteAsync(session => session.ExecuteAsync("insert into related_queue (entry_id) select id from entry"), Ct);
        await Task.WhenAll(IndexAsync(), IndexAsync());
        Assert.Equal(0, await Related.IndexAsync(5, Ct));
        Assert.DoesNotContain("two", Keys(await Related.FindAsync(ids["one"], Now, Ct)));

        Assert.True(await SaveAsync(source, Now.AddHours(1), write => write with
        {
            Changed = [(ids["two"], Article("two", "Zandvliet lock weighs on markets", "Worn gates.", Now) with { ContentHash = new byte[] { 9 } })],
        }));
        await IndexAsync();

        Assert.Equal("two", Keys(await Related.FindAsync(ids["one"], Now.AddHours(1), Ct))[0]);
    }

    [Fact]
    public async Task Prefers_what_is_recent_and_sources_that_do_not_stand_there_yet()
    {
        var one = await AddSourceAsync("https://example.org/one");
        var two = await AddSourceAsync("https://example.org/two");
        static string Text(int i) => $"Zandvliet gates, word{i}a word{i}b word{i}c word{i}d word{i}e.";
        var ids = await RefreshAsync(one, Now, [
            Article("article", "Zandvliet", "Gates and locks.", Now),
            Article("fresh", "", Text(1), Now.AddHours(-1)), Article("aged", "", Text(2), Now.AddYears(-2)), Article("fresh again", "", Text(3), Now.AddHours(-3)),
            .. Noise(10)]);
        await RefreshAsync(two, Now, Article("elsewhere", "", Text(4), Now.AddHours(-5)));
        await IndexAsync();

        Assert.Equal(["fresh", "elsewhere", "fresh again", "aged"], Keys(await Related.FindAsync(ids["article"], Now, Ct)));
    }

    [Fact]
    public async Task Nothing_is_related_to_what_is_not_there_and_to_an_empty_text()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, [Article("empty", "", "", Now), .. Noise(3)]);
        await IndexAsync();

        Assert.Empty((await Related.FindAsync(ids["empty"], Now, Ct)).Articles);
        Assert.Empty((await Related.FindAsync(987_654, Now, Ct)).Articles);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Related.IndexAsync(0, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Related.IndexAsync(IRelatedStore.MaxBatch + 1, Ct));
    }

    private static string[] Keys(RelatedList list) => [.. list.Articles.Select(article => article.Stored.Entry.Key)];

    private static Entry Article(string key, string title, string body, DateTimeOffset at) => AnEntry(key, at) with
    {
        Title = title,
        Summary = null,
        Content = $"<p>{WebUtility.HtmlEncode(body)}</p>",
    };

    // Texts that share nothing with one another and little with others: what makes rare words rare.
    private static Entry[] Noise(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Article($"noise{i}", $"Bulletin {i}x", $"The report of day {i}y says {i}z and {i}w, on record.", Now.AddDays(-i)))];

    private async Task<(IReadOnlyDictionary<string, long> Ids, long Second)> TwoOfAKindAsync(string marker = "gates")
    {
        var one = await AddSourceAsync("https://example.org/one");
        var two = await AddSourceAsync("https://example.org/two");
        var first = await RefreshAsync(one, Now, [Article("one", "Zandvliet lock", "The lock closes.", Now), .. Noise(20)]);
        var second = await RefreshAsync(two, Now, Article("two", "Skippers wait", $"At Zandvliet ships wait for weeks, says {marker}.", Now));
        await IndexAsync();
        return (first.Concat(second).ToDictionary(), two);
    }

    private async Task<IReadOnlyDictionary<int, long>> StoreAsync(IReadOnlyList<RelatedDocument> documents)
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, [.. documents.Select(document => Article(Key(document.Id), document.Title, document.Text, Now))]);
        await IndexAsync();
        return documents.ToDictionary(document => document.Id, document => ids[Key(document.Id)]);
    }

    private async Task<IReadOnlyList<int>> RankAsync(IReadOnlyDictionary<int, long> ids, RelatedDocument document) =>
        [.. Keys(await Related.FindAsync(ids[document.Id], Now, Ct)).Select(key => int.Parse(key, CultureInfo.InvariantCulture))];

    private static string Key(int id) => id.ToString(CultureInfo.InvariantCulture);

    private async Task IndexAsync()
    {
        while (await Related.IndexAsync(IRelatedStore.MaxBatch, Ct) > 0)
        {
        }
    }

    private sealed class Stories(Dictionary<long, long> told) : IStoryLookup
    {
        public Task<IReadOnlyDictionary<long, long>> FindStoriesAsync(IReadOnlyCollection<long> entryIds, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<long, long>>(told.Where(pair => entryIds.Contains(pair.Key)).ToDictionary());
    }
}

public sealed class SqliteRelatedStoreTests() : RelatedStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlRelatedStoreTests() : RelatedStoreTests(StoreProvider.PostgreSql);
