using System.Globalization;
using System.Security.Cryptography;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Retention;

public abstract class RetentionStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly DateTimeOffset End = Now.AddDays(30);

    private IRetentionStore Retention => Get<IRetentionStore>();

    [Fact]
    public async Task Remembers_what_is_set_for_sources_and_categories()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync();
        Assert.Equal(RetentionSettings.None, await Retention.FindRetentionAsync(Topic.Source(source), Ct));

        var ofSource = new RetentionSettings(new RetentionRule(30, 0), new RetentionRule(0, 5));
        var ofCategory = new RetentionSettings(Versions: RetentionRule.ForEver);
        Assert.True(await Retention.SetRetentionAsync(Topic.Source(source), new RetentionSettings(new RetentionRule(1)), Ct));
        Assert.True(await Retention.SetRetentionAsync(Topic.Source(source), ofSource, Ct));
        Assert.True(await Retention.SetRetentionAsync(Topic.Category(category), ofCategory, Ct));
        Assert.False(await Retention.SetRetentionAsync(Topic.Source(source + 9), ofSource, Ct));
        Assert.False(await Retention.SetRetentionAsync(Topic.Category(category + 9), ofSource, Ct));

        Assert.Equal((ofSource, ofCategory), (await Retention.FindRetentionAsync(Topic.Source(source), Ct), await Retention.FindRetentionAsync(Topic.Category(category), Ct)));
        var plan = await Retention.ReadPlanAsync(new RetentionRule(7), RetentionRule.ForEver, Ct);
        Assert.Equal((new RetentionRule(7), RetentionRule.ForEver), (plan.Entries, plan.Versions));
        Assert.Equal([KeyValuePair.Create(source, ofSource)], plan.OfSources);
        Assert.Equal([KeyValuePair.Create(category, ofCategory)], plan.OfCategories);
        Assert.Equal([KeyValuePair.Create(category, ofCategory)], await Retention.ListOfCategoriesAsync(Ct));

        Assert.Equal(RetentionUpdate.Changed, await Retention.SetRetentionAsync(Topic.Source(source), RetentionSettings.None, seen: RetentionSettings.None, Ct));
        Assert.Equal(RetentionUpdate.Unknown, await Retention.SetRetentionAsync(Topic.Source(source + 9), ofSource, seen: ofSource, Ct));
        Assert.Equal(ofSource, await Retention.FindRetentionAsync(Topic.Source(source), Ct));
        Assert.Equal(RetentionUpdate.Done, await Retention.SetRetentionAsync(Topic.Source(source), RetentionSettings.None, seen: ofSource, Ct));
        Assert.Empty((await Retention.ReadPlanAsync(RetentionRule.ForEver, RetentionRule.ForEver, Ct)).OfSources);
    }

    [Theory]
    [InlineData(-1, 0, 0, 0)]
    [InlineData(0, 1_000_001, 0, 0)]
    [InlineData(0, 0, 36_501, 0)]
    [InlineData(0, 0, 0, 1)]
    public async Task Refuses_what_cannot_be_kept_in_a_sentence(int days, int count, int versionDays, int versionCount)
    {
        var source = await AddSourceAsync();
        var settings = new RetentionSettings(new RetentionRule(days, count), new RetentionRule(versionDays, versionCount));
        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => Retention.SetRetentionAsync(Topic.Source(source), settings, Ct));
        Assert.Contains(" must be 0 ", refusal.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => Retention.SetRetentionAsync(Topic.Everything, RetentionSettings.None, Ct));
    }

    // Ten entries of each source, one a day, all of which have left; of each, the days of those that are left over.
    [Theory]
    [InlineData("general", "", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("general", "days 25", "5 6 7 8 9")]
    [InlineData("general", "count 3", "7 8 9")]
    [InlineData("general", "days 25 count 3", "7 8 9")]
    [InlineData("in brief", "brief days 23", "7 8 9")]
    [InlineData("in brief", "brief days 23|days 21", "7 8 9")]
    [InlineData("in brief", "brief days 21|days 25", "9")]
    [InlineData("in brief", "days 25", "5 6 7 8 9")]
    [InlineData("general", "brief days 21", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("in both", "brief days 21|longer days 25", "5 6 7 8 9")]
    [InlineData("in both", "brief days 21|longer count 4", "6 7 8 9")]
    [InlineData("in both", "brief days 21|longer for ever", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("in both", "brief days 21", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("in both", "brief days 21|days 24", "6 7 8 9")]
    [InlineData("own", "own days 22|brief days 30|days 30", "8 9")]
    [InlineData("own", "own count 2|brief for ever", "8 9")]
    [InlineData("own", "own for ever|brief days 1|days 1|count 1", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("own", "own versions 5|days 25", "5 6 7 8 9")]
    public async Task Source_goes_before_category_and_category_before_the_general_rule(string which, string rules, string left)
    {
        var brief = await AddCategoryAsync("brief");
        var longer = await AddCategoryAsync("longer");
        var sources = new Dictionary<string, long>
        {
            ["general"] = await AddSourceAsync("https://example.org/general"),
            ["in brief"] = await AddSourceAsync("https://example.org/brief", brief),
            ["in both"] = await AddSourceAsync("https://example.org/both", brief, longer),
            ["own"] = await AddSourceAsync("https://example.org/own", brief),
        };
        foreach (var source in sources.Values)
        {
            for (var day = 0; day < 10; day++) await RefreshAsync(source, Now.AddDays(day).AddMinutes(source), AnEntry($"{day}"));
            await RefreshAsync(source, End.AddDays(-10));
        }

        var general = RetentionRule.ForEver;
        foreach (var rule in rules.Split('|', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = rule.Split(' ');
            var topic = words[0] switch { "brief" => Topic.Category(brief), "longer" => Topic.Category(longer), "own" => Topic.Source(sources["own"]), _ => null };
            if (topic is null) general = Read(words, general);
            else await Retention.SetRetentionAsync(topic, rule.Contains("versions") ? new RetentionSettings(Versions: new RetentionRule(5)) : new RetentionSettings(Read(words, RetentionRule.ForEver)), Ct);
        }

        var plan = await Retention.ReadPlanAsync(general, RetentionRule.ForEver, Ct);
        await Retention.ForgetAsync(plan, End, 3, Ct);

        Assert.Equal(left, await DaysOfAsync(sources[which]));
        Assert.Equal(0, await Retention.ForgetAsync(plan, End, 100, Ct));

        static RetentionRule Read(string[] words, RetentionRule rule)
        {
            for (var i = 0; i + 1 < words.Length; i++)
            {
                if (words[i] == "days") rule = rule with { Days = int.Parse(words[i + 1], CultureInfo.InvariantCulture) };
                if (words[i] == "count") rule = rule with { Count = int.Parse(words[i + 1], CultureInfo.InvariantCulture) };
            }

            return rule;
        }
    }

    [Fact]
    public async Task Keeps_what_its_feed_still_holds_though_it_is_old_and_beyond_the_count()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, [.. Enumerable.Range(0, 6).Select(number => AnEntry($"{number}", Now.AddDays(-number)))]);
        var plan = new RetentionPlan { Entries = new RetentionRule(Days: 1, Count: 2) };

        Assert.Equal(0, await Retention.ForgetAsync(plan, End, 100, Ct));

        // With what it holds now besides, three of the old ones are beyond the count.
        await RefreshAsync(source, Now.AddDays(5), AnEntry("new", Now.AddDays(5)));
        Assert.Equal(4, await Retention.ForgetAsync(new RetentionPlan { Entries = new RetentionRule(Count: 3) }, Now.AddDays(5), 100, Ct));
        Assert.Equal("0 1 new", await DaysOfAsync(source));
    }

    [Fact]
    public async Task An_old_date_does_not_make_an_entry_old_that_we_have_had_for_a_day()
    {
        var source = await AddSourceAsync();
        await RefreshAsync(source, Now, AnEntry("archive", Now.AddYears(-3)));
        await RefreshAsync(source, Now.AddDays(5));
        await Retention.SetRetentionAsync(Topic.Source(source), new RetentionSettings(new RetentionRule(Days: 10)), Ct);
        var plan = await Retention.ReadPlanAsync(RetentionRule.ForEver, RetentionRule.ForEver, Ct);

        Assert.Equal(0, await Retention.ForgetAsync(plan, Now.AddDays(9), 100, Ct));
        Assert.Equal(1, await Retention.ForgetAsync(plan, Now.AddDays(11), 100, Ct));
    }

    [Fact]
    public async Task Neither_forgetting_nor_thinning_breaks_a_proof()
    {
        var brief = await AddCategoryAsync("brief");
        var longer = await AddCategoryAsync("longer");
        var source = await AddSourceAsync("https://example.org/a", brief);
        var both = await AddSourceAsync("https://example.org/b", brief, longer);
        var ids = new List<long>();
        foreach (var one in (long[])[source, both])
        {
            var id = (await RefreshAsync(one, Now, AnEntry("one"), AnEntry("two")))["one"];
            ids.Add(id);
            for (var day = 1; day < 8; day++)
                await SaveAsync(one, Now.AddDays(day), write => write with { Changed = [(id, AnEntry("one") with { Title = $"{day}", ContentHash = SHA256.HashData([(byte)day]) })] });
        }

        var seals = Get<ISealStore>();
        while (await seals.SealNextAsync(DateOnly.FromDateTime(End.UtcDateTime), End, Ct) is not null)
        {
        }

        await Retention.SetRetentionAsync(Topic.Category(brief), new RetentionSettings(new RetentionRule(Days: 25), new RetentionRule(Count: 2)), Ct);
        await Retention.SetRetentionAsync(Topic.Category(longer), new RetentionSettings(RetentionRule.ForEver, new RetentionRule(Count: 4)), Ct);
        var plan = await Retention.ReadPlanAsync(RetentionRule.ForEver, RetentionRule.ForEver, Ct);

        // The entries that were changed are held; the others left and go from the one category.
        Assert.Equal(1, await Retention.ForgetAsync(plan, End, 100, Ct));
        Assert.Equal(5 + 3, await Retention.ThinAsync(plan, End, 1, Ct));

        Assert.Equal(["1 7 8", "1 5 6 7 8"], [await KeptAsync(ids[0]), await KeptAsync(ids[1])]);
        var verification = new SnapshotVerification(seals);
        Assert.Empty(await verification.RunAsync(Ct).ToListAsync(Ct));
        Assert.Equal((18, 9, 8), (verification.Snapshots, verification.NoLongerKept, verification.Seals));
    }

    private async Task<string> DaysOfAsync(long source) => string.Join(' ', (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source), Limit = 100 }, Ct))
        .Select(entry => entry.Entry.Key).Order(StringComparer.Ordinal));

    private async Task<string> KeptAsync(long entry) => string.Join(' ', (await Get<ISnapshotStore>().ListAsync(entry, 0, Ct))
        .Where(snapshot => snapshot.IsKept).Select(snapshot => snapshot.Number));
}

public sealed class SqliteRetentionStoreTests() : RetentionStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlRetentionStoreTests() : RetentionStoreTests(StoreProvider.PostgreSql);
