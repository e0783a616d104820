using System.Text.Json;
using Aggregator.Core.Publishing;
using Aggregator.Core.Takedowns;
using Xunit;
using static Aggregator.Core.Tests.Publishing.PublicationSamples;

namespace Aggregator.Core.Tests.Publishing;

public sealed class JsonFeedWriterTests
{
    public static TheoryData<string> Samples => [.. PublicationSamples.All.Keys];

    [Theory]
    [MemberData(nameof(Samples))]
    public void Writes_what_version_1_1_requires_and_nothing_that_it_does_not_know(string sample)
    {
        using var document = Parse(PublicationSamples.All[sample]);
        var feed = document.RootElement;
        Assert.Equal("https://jsonfeed.org/version/1.1", feed.GetProperty("version").GetString());
        Assert.NotEmpty(feed.GetProperty("title").GetString()!);
        AssertNames(feed, ["version", "title", "home_page_url", "feed_url", "next_url", "description", "language", "items"]);
        var items = feed.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal(items.Count, items.Select(item => item.GetProperty("id").GetString()).Distinct(StringComparer.Ordinal).Count());
        foreach (var item in items)
        {
            AssertNames(
                item,
                [
                    "id", "url", "title", "summary", "content_html", "image", "date_published", "date_modified", "authors", "tags", "language",
                    "attachments", "_source", "_snapshot",
                ]);
            Assert.NotEmpty(item.GetProperty("content_html").GetString()!);
            Assert.True(Uri.IsWellFormedUriString(item.GetProperty("url").GetString(), UriKind.Absolute));
            Assert.True(item.GetProperty("date_modified").TryGetDateTimeOffset(out var modified));
            Assert.Equal(Captured.UtcDateTime, modified.UtcDateTime, TimeSpan.FromMilliseconds(1));
            if (!item.TryGetProperty("attachments", out var attachments)) continue;
            foreach (var attachment in attachments.EnumerateArray())
            {
                Assert.NotEmpty(attachment.GetProperty("url").GetString()!);
                Assert.Contains('/', attachment.GetProperty("mime_type").GetString()!);
            }
        }
    }

    [Fact]
    public void Tells_of_what_was_taken_down()
    {
        var publication = Of(Item(1)) with { Tombstones = [new Tombstone(7, true, Captured, Captured.AddDays(7), null)] };
        using var feed = JsonDocument.Parse(JsonFeedWriter.Write(publication));
        var deleted = Assert.Single(feed.RootElement.GetProperty("_tombstone").GetProperty("deleted").EnumerateArray());
        Assert.Equal(("tag:agg.example,2026:entry/7", "2026-09-05T09:00:00.25Z"), (deleted.GetProperty("id").GetString(), deleted.GetProperty("when").GetString()));
        using var without = JsonDocument.Parse(JsonFeedWriter.Write(Of(Item(1))));
        Assert.False(without.RootElement.TryGetProperty("_tombstone", out _));
    }

    [Fact]
    public void Names_source_and_snapshot()
    {
        using var document = Parse(Of(Item(5)));
        var item = document.RootElement.GetProperty("items")[0];
        Assert.Equal(
            """{"id":"https://orig.example/feed.xml","title":"Orig News","home_page_url":"https://orig.example/","feed_url":"https://orig.example/feed.xml","updated":"2026-09-05T08:00:00Z","rights":"(c) Orig"}""",
            JsonSerializer.Serialize(item.GetProperty("_source")));
        Assert.Equal(
            """{"captured_at":"2026-09-05T09:00:00.25Z","first_seen_at":"2026-09-05T08:01:00Z","version":1,"url":"https://agg.example/articles/5","of":"feed"}""",
            JsonSerializer.Serialize(item.GetProperty("_snapshot")));
    }

    [Fact]
    public void Keeps_a_claimed_source_apart_and_clean()
    {
        using var document = Parse(PublicationSamples.All["a claimed source"]);
        var source = document.RootElement.GetProperty("items")[0].GetProperty("_source");
        Assert.Equal("Orig News", source.GetProperty("title").GetString());
        Assert.Equal("Another paper", source.GetProperty("claimed").GetProperty("title").GetString());
        Assert.Equal("https://another.example/feed", source.GetProperty("claimed").GetProperty("url").GetString());
    }

    [Fact]
    public void Leaves_the_feed_of_a_source_out_when_it_would_tell_a_secret()
    {
        using var document = Parse(PublicationSamples.All["a source with secrets"]);
        var items = document.RootElement.GetProperty("items");
        Assert.Equal("https://orig.example/feed.xml", items[0].GetProperty("_source").GetProperty("feed_url").GetString());
        Assert.False(items[1].GetProperty("_source").TryGetProperty("feed_url", out _));
        Assert.Equal("https://orig.example/", items[1].GetProperty("_source").GetProperty("home_page_url").GetString());
        Assert.DoesNotContain("s3cr3t", document.RootElement.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("user:pass", document.RootElement.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_Chinese_readable()
    {
        var text = System.Text.Encoding.UTF8.GetString(JsonFeedWriter.Write(PublicationSamples.All["Chinese"]));
        Assert.Contains("中国航天员完成出舱活动", text, StringComparison.Ordinal);
    }

    private static JsonDocument Parse(Publication publication) => JsonDocument.Parse(JsonFeedWriter.Write(publication));

    private static void AssertNames(JsonElement element, string[] known) =>
        Assert.Empty(element.EnumerateObject().Select(property => property.Name).Except(known, StringComparer.Ordinal));
}
