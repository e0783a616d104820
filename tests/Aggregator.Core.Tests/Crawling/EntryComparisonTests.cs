using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Crawling;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Core.Tests.Crawling;

public sealed class EntryComparisonTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 5, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Tells_new_changed_and_unchanged_entries_apart()
    {
        var comparison = Compare([Entry("a", "A"), Entry("b", "B, edited"), Entry("c", "C")], [Known(1, "b", "B"), Known(2, "c", "C")]);
        Assert.Equal(["a"], comparison.Added.Select(entry => entry.Key));
        Assert.Equal([1L], comparison.Changed.Select(change => change.EntryId));
        Assert.Empty(comparison.Seen);
        Assert.False(comparison.IdsAreUnstable);
        Assert.True(comparison.HasChanges);
    }

    [Fact]
    public void Renews_only_marks_that_are_old()
    {
        var comparison = Compare(
            [Entry("a", "A"), Entry("b", "B")],
            [Known(1, "a", "A") with { LastSeenAt = Now.AddHours(-1) }, Known(2, "b", "B") with { LastSeenAt = Now - RefreshWrite.SeenRenewal }]);
        Assert.Equal([2L], comparison.Seen);
        Assert.False(comparison.HasChanges);
    }

    [Fact]
    public void Holds_changes_back_and_keeps_that_they_were_seen()
    {
        var comparison = Compare(
            [Entry("a", "A2"), Entry("b", "B2"), Entry("c", "C2")], [Known(1, "a", "A") with { Version = 2 }, Known(2, "b", "B") with { Version = 30 }, Known(3, "c", "C")]);
        Assert.Equal([1L, 2L], comparison.Restless);
        Assert.Equal(3, comparison.Known);

        var held = comparison.Hold(new HashSet<long> { 2 });
        Assert.Equal([1L, 3L], held.Changed.Select(change => change.EntryId));
        Assert.Equal([2L], held.Seen);
        Assert.Equal(1, held.Held);
        Assert.Same(comparison, comparison.Hold(new HashSet<long>()));
    }

    [Fact]
    public void Tells_whose_rights_are_others_whatever_else_changed_or_waits()
    {
        var comparison = Compare(
            [Entry("a", "A") with { Wishes = PublisherWishes.Blocked }, Entry("b", "B2") with { Rights = "(c)" }, Entry("c", "C"), Entry("d", "D") with { LicenseUrl = "https://x.example/l" }],
            [Known(1, "a", "A"), Known(2, "b", "B") with { Version = 30 }, Known(3, "c", "C"), Known(4, "d", "D") with { LicenseUrl = "https://x.example/l" }]);
        Assert.Equal([1L, 2L], comparison.RightsChanged.Select(change => change.EntryId));
        Assert.Equal([1L, 2L], comparison.Hold(new HashSet<long> { 2 }).RightsChanged.Select(change => change.EntryId));
    }

    [Fact]
    public void Recognises_articles_that_come_back_under_ids_made_up_anew()
    {
        var known = Enumerable.Range(1, 5).Select(i => Known(i, $"old-{i}", $"T{i}", $"https://x.example/{i}")).ToList();
        var entries = Enumerable.Range(1, 5).Select(i => Entry($"new-{i}", $"T{i}", $"https://x.example/{i}")).ToList();
        Assert.True(Compare(entries, known).IdsAreUnstable);

        // One repeated article among many new ones is a publisher's slip.
        var fresh = Enumerable.Range(10, 9).Select(i => Entry($"new-{i}", $"T{i}", $"https://x.example/{i}")).ToList();
        Assert.False(Compare([.. fresh, entries[0]], known).IdsAreUnstable);
    }

    [Fact]
    public void Keeps_the_ids_of_a_status_page_that_has_one_link_and_one_title_for_everything()
    {
        Entry Notice(int number) => Entry($"n-{number}", "Service update", "https://status.example/") with { ContentHash = SHA256.HashData([(byte)number]) };
        KnownEntry Kept(int number) => Known(number, $"n-{number}", "Service update", "https://status.example/") with { ContentHash = SHA256.HashData([(byte)number]) };

        var comparison = Compare([Notice(6), Notice(5), Notice(4), Notice(3)], [Kept(1), Kept(2), Kept(3)]);

        Assert.False(comparison.IdsAreUnstable);
        Assert.Equal(["n-6", "n-5", "n-4"], comparison.Added.Select(entry => entry.Key));
    }

    [Fact]
    public void Gives_stored_entries_their_keys_on_the_lower_rung_and_doubles_nothing()
    {
        var known = new[] { Known(1, "old-1", "T1", "https://x.example/1"), Known(2, "old-2", "T2", "https://x.example/2") };
        var entries = new[] { Entry("https://x.example/1", "T1", "https://x.example/1"), Entry("https://x.example/3", "T3", "https://x.example/3") };
        var comparison = EntryComparison.Of(entries, known, IdentityRule.Id, IdentityRule.Link, Now);
        Assert.Equal([(1L, "https://x.example/1"), (2L, "https://x.example/2")], comparison.Rekeyed);
        Assert.Equal(["https://x.example/3"], comparison.Added.Select(entry => entry.Key));
        Assert.Empty(comparison.Changed);
    }

    [Fact]
    public void Leaves_the_younger_of_two_stored_entries_alone_that_a_lower_rung_holds_for_one()
    {
        var known = new[] { Known(7, "second", "T", "https://x.example/1"), Known(3, "first", "T", "https://x.example/1") };
        var comparison = EntryComparison.Of([Entry("https://x.example/1", "T", "https://x.example/1")], known, IdentityRule.Id, IdentityRule.Link, Now);
        Assert.Equal([(3L, "https://x.example/1")], comparison.Rekeyed);
        Assert.Empty(comparison.Added);
    }

    private static EntryComparison Compare(IReadOnlyList<Entry> entries, IReadOnlyList<KnownEntry> known) =>
        EntryComparison.Of(entries, known, IdentityRule.Id, IdentityRule.Id, Now);

    private static Entry Entry(string key, string title, string? url = null) => new()
    {
        Key = key,
        Guid = key,
        Url = url,
        Title = title,
        ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(title)),
    };

    private static KnownEntry Known(long id, string key, string title, string? url = null) => new()
    {
        Id = id,
        Key = key,
        Guid = key,
        Url = url,
        Title = title,
        ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(title)),
        LastSeenAt = Now,
    };
}
