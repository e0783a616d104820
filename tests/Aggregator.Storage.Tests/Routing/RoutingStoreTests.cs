using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Routing;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Core.Takedowns;
using Xunit;

namespace Aggregator.Storage.Tests.Routing;

/// <summary>What rules do, in the transaction of a refresh and afterwards.</summary>
public abstract class RoutingStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly RoutingOutcome IntoTech = Outcome("title contains \"x\" then category \"tech\"", "title contains \"x\" then tag \"own\"");

    private IRoutingStore Routing => Get<IRoutingStore>();

    [Fact]
    public async Task Puts_new_entries_into_further_categories_with_a_tag_and_says_why()
    {
        var (news, tech) = (await AddCategoryAsync("news"), await AddCategoryAsync("old-tech"));
        Assert.Equal(CategoryUpdate.Done, await Categories.UpdateAsync((await Categories.FindAsync(tech, Ct))! with { Slug = "new-tech" }, Now, Ct));
        var version = (await Entries.VersionAsync(Topic.Category(tech), Ct)).Number;
        var source = await AddSourceAsync("https://example.org/feed", news);
        var routed = AnEntry("a") with { Tags = ["theirs"] };
        // The rule names a slug that the category once had.
        Assert.True(await SaveAsync(source, Now, write => write with
        {
            Added = [routed, AnEntry("b")],
            Routes = Routes("a", Outcome("title contains \"x\" then category \"old-tech\"", "title contains \"x\" then category \"nowhere\"", "title contains \"x\" then tag \"own\"")),
        }));

        var entry = Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(tech), WithContent = true }, Ct));
        Assert.Equal(("a", "<p>Content of a</p>"), (entry.Entry.Key, entry.Entry.Content));
        Assert.Equal(["theirs", "own"], entry.Entry.Tags);
        Assert.Equal(version + 1, (await Entries.VersionAsync(Topic.Category(tech), Ct)).Number);
        Assert.Equal(2, (await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(news) }, Ct)).Count);
        Assert.Equal(
            [
                new EntryRoute("title contains \"x\" then category \"old-tech\"", tech, null, Now),
                new EntryRoute("title contains \"x\" then tag \"own\"", null, "own", Now),
            ],
            await Routing.RoutesOfAsync(entry.Id, Ct));

        // What the publisher said is what the snapshot says.
        var snapshot = Assert.Single(await Get<ISnapshotStore>().ListAsync(entry.Id, 0, Ct));
        var document = (await Get<ISnapshotStore>().ReadBytesAsync(snapshot.Id, Ct))!.Value;
        Assert.DoesNotContain("own", Encoding.UTF8.GetString(document.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_entry_stands_where_the_rules_of_then_say()
    {
        var (news, tech) = (await AddCategoryAsync("news"), await AddCategoryAsync("tech"));
        var source = await AddSourceAsync("https://example.org/feed", news);
        Assert.True(await SaveAsync(source, Now, write => write with { Added = [AnEntry("a")], Routes = Routes("a", Outcome("title contains \"x\" then category \"tech\"", "title contains \"x\" then category \"news\"")) }));
        var id = (await Refreshes.FindKnownAsync(source, ["a"], [], Ct))[0].Id;
        Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(tech) }, Ct));

        var before = (await Entries.VersionAsync(Topic.Category(tech), Ct)).Number;
        Assert.True(await SaveAsync(source, Now.AddHours(1), write => write with
        {
            Changed = [(id, AnEntry("a") with { Title = "new", ContentHash = new byte[] { 9 } })],
            Routes = Routes("a", Outcome("title contains \"x\" then tag \"later\"", "title contains \"x\" then drop")),
        }));
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(tech) }, Ct));
        Assert.Equal(before + 1, (await Entries.VersionAsync(Topic.Category(tech), Ct)).Number);
        // Its source's own category is not a rule's to take away, and what was published is not dropped.
        var kept = Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(news) }, Ct));
        Assert.Equal(["later"], kept.Entry.Tags);
        Assert.Empty(await Routing.ListDroppedAsync(Topic.Everything, 10, Ct));
    }

    [Fact]
    public async Task Remembers_what_was_dropped_without_its_text_until_the_feed_has_long_forgotten_it()
    {
        var category = await AddCategoryAsync();
        var source = await AddSourceAsync("https://example.org/feed", category);
        Assert.True(await SaveAsync(source, Now, write => write with { Dropped = [(AnEntry("ad"), "title contains \"ad\" then drop")] }));
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Everything }, Ct));
        // Once for the source that joined it, and not for what nobody sees.
        Assert.Equal(1, (await Entries.VersionAsync(Topic.Category(category), Ct)).Number);
        var fact = new DroppedEntry(source, "Title of ad", "https://example.org/ad", "title contains \"ad\" then drop", Now);
        Assert.Equal([fact], await Routing.ListDroppedAsync(Topic.Category(category), 10, Ct));
        Assert.Equal([fact], await Routing.ListDroppedAsync(Topic.Source(source), 10, Ct));
        Assert.Equal(["ad"], (await Refreshes.FindRoutingAsync(source, ["ad", "other"], Ct)).Dropped);

        // Still in the feed after 25 days, and gone for 31 then.
        Assert.True(await SaveAsync(source, Now.AddDays(25), write => write with { StillDropped = ["ad"] }));
        Assert.True(await SaveAsync(source, Now.AddDays(50), write => write));
        Assert.Single(await Routing.ListDroppedAsync(Topic.Everything, 10, Ct));
        Assert.True(await SaveAsync(source, Now.AddDays(56), write => write));
        Assert.Empty(await Routing.ListDroppedAsync(Topic.Everything, 10, Ct));
    }

    [Fact]
    public async Task Gives_a_refresh_the_rules_of_its_categories_in_order()
    {
        var second = await Categories.AddAsync(new Category { Id = 0, Slug = "b", Title = "b", Language = "en", Position = 2, Rules = "title contains \"2\" then drop" }, Ct);
        var first = await Categories.AddAsync(new Category { Id = 0, Slug = "a", Title = "a", Language = "en", Position = 1, Rules = "title contains \"1\" then drop" }, Ct);
        var plain = await AddCategoryAsync("plain");
        var source = await AddSourceAsync("https://example.org/feed", second.Id, first.Id, plain);
        Assert.Equal(["title contains \"1\" then drop", "title contains \"2\" then drop"], (await Refreshes.FindRoutingAsync(source, [], Ct)).CategoryRules);
        Assert.Same(RoutingFacts.Nothing, await Refreshes.FindRoutingAsync(await AddSourceAsync("https://example.org/other", plain), ["x"], Ct));
    }

    [Fact]
    public async Task Applies_rules_to_stored_entries_and_drops_only_when_told_to()
    {
        var (news, tech) = (await AddCategoryAsync("news"), await AddCategoryAsync("tech"));
        var source = await AddSourceAsync("https://example.org/feed", news);
        await RefreshAsync(source, Now, AnEntry("a") with { Tags = ["theirs"] }, AnEntry("b"));
        var stored = await StoredAsync(source);
        var drop = Outcome("title contains \"x\" then drop");

        var moved = new ReroutedEntry(stored["a"].Id, new EntryPlacement(["news"], ["theirs"]), new EntryPlacement(["news", "tech"], ["theirs", "own"]));
        Assert.Equal([moved], await Routing.ApplyAsync([(stored["a"], IntoTech), (stored["b"], drop)], drop: false, Now.AddHours(1), Ct));
        Assert.Equal("a", Assert.Single(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(tech) }, Ct)).Entry.Key);
        Assert.Equal(["theirs", "own"], (await StoredAsync(source))["a"].Entry.Tags);
        Assert.Equal(2, (await StoredAsync(source)).Count);

        // The rules of the next day take it all back, and drop the other for good.
        stored = await StoredAsync(source);
        Assert.Empty(await Routing.ApplyAsync([(stored["a"], IntoTech)], drop: true, Now.AddHours(1), Ct));
        Assert.Equal(
            [moved with { Before = moved.After!, After = moved.Before }, new ReroutedEntry(stored["b"].Id, new EntryPlacement(["news"], []), null)],
            await Routing.ApplyAsync([(stored["a"], new RoutingOutcome([], [])), (stored["b"], drop)], drop: true, Now.AddHours(2), Ct));
        Assert.Empty(await Entries.ListAsync(new EntryQuery { Topic = Topic.Category(tech) }, Ct));
        var left = Assert.Single(await StoredAsync(source)).Value;
        Assert.Equal(["theirs"], left.Entry.Tags);
        Assert.Equal("Title of b", Assert.Single(await Routing.ListDroppedAsync(Topic.Category(news), 10, Ct)).Title);
        Assert.Equal(SnapshotRemoval.Expired, (await Get<ISnapshotStore>().ListAsync(stored["b"].Id, 0, Ct))[0].Removal);

        Assert.Equal(1, await Routing.ForgetDroppedAsync(Topic.Category(news), Ct));
        Assert.Equal(0, await Routing.ForgetDroppedAsync(Topic.Source(source), Ct));
        var anew = (await Sources.FindAsync(source, Ct))!;
        Assert.Equal((0, true), (anew.Validators.ParserVersion, anew.NextFetchAt < Now));
    }

    [Fact]
    public async Task A_take_down_forgets_what_rules_kept_out_of_the_same_article_and_nothing_of_it_is_kept_again()
    {
        var (one, two) = (await AddSourceAsync("https://example.org/one"), await AddSourceAsync("https://example.org/two"));
        var entry = (await RefreshAsync(one, Now, AnEntry("a")))["a"];
        Assert.True(await SaveAsync(two, Now, write => write with { Dropped = [(AnEntry("other") with { Url = "https://example.org/a" }, "rule"), (AnEntry("ad"), "rule")] }));
        var takedowns = Get<ITakedownStore>();
        var request = Assert.IsType<TakedownFiling.Received>(await takedowns.FileAsync(new NewTakedownRequest(entry, TakedownReason.Copyright, null, null), Now, Ct));
        Assert.Equal(TakedownOutcome.Done, await takedowns.ApproveAsync(request.RequestId, false, null, "admin", TimeSpan.Zero, Now, Ct));
        Assert.Equal("Title of ad", Assert.Single(await Routing.ListDroppedAsync(Topic.Everything, 10, Ct)).Title);

        Assert.True(await SaveAsync(two, Now.AddHours(1), write => write with { Dropped = [(AnEntry("again") with { Url = "https://example.org/a" }, "rule")] }));
        Assert.Single(await Routing.ListDroppedAsync(Topic.Everything, 10, Ct));
    }

    private static RoutingOutcome Outcome(params string[] rules) => new(RoutingRules.Of(string.Join('\n', rules)).Rules, []);

    private static Dictionary<string, RoutingOutcome> Routes(string key, RoutingOutcome outcome) => new(StringComparer.Ordinal) { [key] = outcome };

    private async Task<Dictionary<string, StoredEntry>> StoredAsync(long source) =>
        (await Entries.ListAsync(new EntryQuery { Topic = Topic.Source(source), WithContent = true }, Ct)).ToDictionary(entry => entry.Entry.Key);
}

public sealed class SqliteRoutingStoreTests() : RoutingStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlRoutingStoreTests() : RoutingStoreTests(StoreProvider.PostgreSql);
