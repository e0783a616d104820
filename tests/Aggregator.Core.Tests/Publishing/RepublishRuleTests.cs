using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

public sealed class RepublishRuleTests
{
    public static TheoryData<string, RepublishLevel> SamplesAtLevels
    {
        get
        {
            var data = new TheoryData<string, RepublishLevel>();
            foreach (var sample in PublicationSamples.All.Keys)
                foreach (var level in RepublishLevels.All)
                    data.Add(sample, level);
            return data;
        }
    }

    [Theory]
    [InlineData(null, null, PublisherWishes.None, false, RepublishLevel.Full)]
    [InlineData(null, RepublishLevel.Title, PublisherWishes.None, false, RepublishLevel.Title)]
    [InlineData(RepublishLevel.Full, RepublishLevel.Title, PublisherWishes.None, false, RepublishLevel.Full)]
    [InlineData(RepublishLevel.Summary, null, PublisherWishes.None, true, RepublishLevel.Summary)]
    [InlineData(RepublishLevel.Full, null, PublisherWishes.NotArchived, false, RepublishLevel.Summary)]
    [InlineData(RepublishLevel.Title, null, PublisherWishes.NotArchived, false, RepublishLevel.Title)]
    [InlineData(RepublishLevel.Full, null, PublisherWishes.Denied, false, RepublishLevel.Nothing)]
    [InlineData(RepublishLevel.Full, null, PublisherWishes.Blocked | PublisherWishes.NotArchived, false, RepublishLevel.Nothing)]
    [InlineData(null, null, PublisherWishes.Blocked | PublisherWishes.Denied | PublisherWishes.NotArchived, true, RepublishLevel.Full)]
    [InlineData(RepublishLevel.Nothing, null, PublisherWishes.None, true, RepublishLevel.Nothing)]
    public void The_strictest_holds_unless_the_publisher_agreed(
        RepublishLevel? setting, RepublishLevel? categories, PublisherWishes wishes, bool agrees, RepublishLevel expected) =>
        Assert.Equal(expected, RepublishRule.LevelOf(setting, categories, wishes, agrees));

    [Fact]
    public void What_an_entry_asks_for_itself_counts_although_the_publisher_agreed()
    {
        var agreed = Source() with { PublisherAgrees = true, Feed = Source().Feed with { Wishes = PublisherWishes.Blocked } };
        Assert.Equal(RepublishLevel.Full, Item(1, source: agreed).Stored.Level);
        Assert.False(Item(1, Entry() with { Wishes = PublisherWishes.Blocked }, agreed).MayBeShown);
        Assert.Equal(RepublishLevel.Summary, Item(1, Entry() with { Wishes = PublisherWishes.NotArchived }, agreed).Stored.Level);
    }

    [Fact]
    public void A_level_leaves_what_it_says_and_the_credit()
    {
        var entry = Entry() with
        {
            Summary = new string('s', 400),
            ImageUrl = "https://orig.example/picture.jpg",
            Enclosures = [new Enclosure("https://orig.example/a.mp3", "audio/mpeg", 1)],
            Rights = "(c) John",
        };
        Assert.Same(entry, RepublishRule.Show(entry, RepublishLevel.Full));

        var summary = RepublishRule.Show(entry, RepublishLevel.Summary);
        Assert.Null(summary.Content);
        Assert.Equal(new string('s', RepublishRule.MaxSummaryLength) + "…", summary.Summary);
        Assert.Equal((entry.ImageUrl, entry.Enclosures, entry.Tags), (summary.ImageUrl, summary.Enclosures, summary.Tags));

        var title = RepublishRule.Show(entry, RepublishLevel.Title);
        Assert.Null(title.Content ?? title.Summary ?? title.ImageUrl);
        Assert.Empty(title.Enclosures);
        Assert.Empty(title.Tags);
        Assert.Equal((entry.Title, entry.Url, entry.Authors, entry.Rights, entry.PublishedAt), (title.Title, title.Url, title.Authors, title.Rights, title.PublishedAt));
    }

    [Fact]
    public void What_was_left_out_once_does_not_come_back()
    {
        var shown = Item(1, source: Source() with { Republish = RepublishLevel.Title }).Stored;
        Assert.Equal(RepublishLevel.Title, RepublishRule.Show(shown, RepublishLevel.Full)!.Level);
        Assert.Equal("", RepublishRule.Passage(shown, "a passage of the body"));
        Assert.Equal("a passage of the body", RepublishRule.Passage(Item(1).Stored, "a passage of the body"));
    }

    [Theory]
    [MemberData(nameof(SamplesAtLevels))]
    public void Every_format_passes_the_validator_at_every_level(string sample, RepublishLevel level)
    {
        var publication = At(PublicationSamples.All[sample], level);
        Assert.Empty(FeedValidator.Validate(AtomWriter.Write(publication), Now));
        Assert.Empty(FeedValidator.Validate(RssWriter.Write(publication), Now));
        Assert.NotEmpty(JsonFeedWriter.Write(publication));
    }

    [Theory]
    [InlineData(RepublishLevel.Full, "TITLE", "SUMMARY", "BODY")]
    [InlineData(RepublishLevel.Summary, "TITLE", "SUMMARY")]
    [InlineData(RepublishLevel.Title, "TITLE")]
    [InlineData(RepublishLevel.Nothing)]
    public void No_writer_says_more_than_may_be_shown(RepublishLevel level, params string[] expected)
    {
        var marked = Entry() with { Title = "A TITLE", Summary = "A SUMMARY", Content = "<p>A BODY</p>" };
        var publication = At(Of(Item(1, marked)), level);
        foreach (var document in (byte[][])[AtomWriter.Write(publication), RssWriter.Write(publication), JsonFeedWriter.Write(publication)])
        {
            var text = Encoding.UTF8.GetString(document);
            Assert.Equal(expected, ((string[])["TITLE", "SUMMARY", "BODY"]).Where(marker => text.Contains(marker, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void Rights_and_licences_are_published_again()
    {
        var licensed = PublicationSamples.All["licensed"];
        var atom = Encoding.UTF8.GetString(AtomWriter.Write(licensed));
        Assert.Equal(3, Count(atom, "rel=\"license\""));
        Assert.Contains("<link rel=\"license\" href=\"https://creativecommons.org/licenses/by/4.0/\"", atom, StringComparison.Ordinal);
        Assert.Contains("<rights>(c) Orig</rights>", atom, StringComparison.Ordinal);

        var rss = Encoding.UTF8.GetString(RssWriter.Write(licensed));
        Assert.Contains("<copyright>(c) Orig</copyright>", rss, StringComparison.Ordinal);
        Assert.Contains("<creativeCommons:license>https://creativecommons.org/licenses/by/4.0/</creativeCommons:license>", rss, StringComparison.Ordinal);
        Assert.Equal(2, Count(rss, "</creativeCommons:license>"));
        Assert.Contains("<atom:link rel=\"license\" href=\"https://orig.example/terms?v=%5B1%5D\"", rss, StringComparison.Ordinal);

        var json = Encoding.UTF8.GetString(JsonFeedWriter.Write(licensed));
        Assert.Contains("\"license\": \"https://creativecommons.org/licenses/by/4.0/\"", json, StringComparison.Ordinal);
        Assert.DoesNotContain("\"republished\"", json, StringComparison.Ordinal);
        Assert.Contains("\"republished\": \"title\"", Encoding.UTF8.GetString(JsonFeedWriter.Write(At(licensed, RepublishLevel.Title))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_subscription_list_leaves_out_sources_that_want_to_be_in_none()
    {
        var denied = Source(2) with { Feed = Source().Feed with { Wishes = PublisherWishes.Denied } };
        Assert.Single(SubscriptionList.Of("Sources", [Source(), denied], Links).Outlines);
    }

    [Fact]
    public void Levels_are_found_by_their_names()
    {
        foreach (var level in Enum.GetValues<RepublishLevel>()) Assert.Equal(level, RepublishLevels.FromName(level.Name()));
        Assert.Null(RepublishLevels.FromName("Full"));
        Assert.Null(RepublishLevels.FromName(null));
    }

    private static Publication At(Publication publication, RepublishLevel level) => publication with
    {
        Entries = [.. publication.Entries.Select(entry => new PublishedEntry(entry.Stored, entry.Source with { Republish = level }))],
    };

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
