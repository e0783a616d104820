using System.Text.Json;
using System.Xml.Linq;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Stories;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

public sealed class StoryFeedTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    [Fact]
    public async Task A_category_feed_shows_each_story_once_and_names_the_others_when_asked()
    {
        await using var site = await PublishSite.StartAsync();
        await StorySamples.FillAsync(site.Services, site.Clock.GetUtcNow());

        var every = XDocument.Parse(await site.Client.GetStringAsync("/categories/harbour.atom")).Root!;
        Assert.Equal(4, every.Elements(Atom + "entry").Count());
        Assert.DoesNotContain(every.Descendants(Atom + "link"), link => ((string)link.Attribute("href")!).Contains("stories", StringComparison.Ordinal));

        var once = XDocument.Parse(await site.Client.GetStringAsync("/categories/harbour.atom?stories=1")).Root!;
        Assert.Equal([StorySamples.First, StorySamples.Other], once.Elements(Atom + "entry").Select(entry => (string)entry.Element(Atom + "title")!));
        Assert.Equal($"{site.Url}/categories/harbour.atom?stories=1", Link(once, "self"));
        var related = once.Elements(Atom + "entry").First().Elements(Atom + "link").Where(link => (string?)link.Attribute("rel") == "related").Skip(1)
            .Select(link => ((string)link.Attribute("href")!, (string)link.Attribute("title")!));
        Assert.Equal([("https://hostile.example.org/article", "早报网"), ("https://late.example.org/article", "The Wire")], related);

        var item = XDocument.Parse(await site.Client.GetStringAsync("/categories/harbour.rss?stories=1")).Descendants("item").First();
        Assert.Equal(3, item.Elements(Atom + "link").Count(link => (string?)link.Attribute("rel") == "related"));

        using var json = JsonDocument.Parse(await site.Client.GetStringAsync("/categories/harbour.json?stories=1"));
        var story = json.RootElement.GetProperty("items")[0].GetProperty("_story");
        Assert.StartsWith($"{site.Url}/stories/", story.GetProperty("url").GetString(), StringComparison.Ordinal);
        Assert.Equal(["早报网", "The Wire"], story.GetProperty("related").EnumerateArray().Select(other => other.GetProperty("source").GetString()));
        Assert.False(json.RootElement.GetProperty("items")[1].TryGetProperty("_story", out _));
    }

    [Fact]
    public async Task Both_feeds_are_kept_apart_and_a_decision_changes_only_the_one_that_shows_it()
    {
        await using var site = await PublishSite.StartAsync();
        var ids = await StorySamples.FillAsync(site.Services, site.Clock.GetUtcNow());
        using var every = await site.SendAsync("/categories/harbour.atom");
        using var once = await site.SendAsync("/categories/harbour.atom?stories=1");
        using var ignored = await site.SendAsync("/categories/harbour.atom?stories=0");
        Assert.NotEqual(every.Headers.ETag, once.Headers.ETag);
        Assert.Equal(every.Headers.ETag, ignored.Headers.ETag);
        using var same = await site.SendAsync("/categories/harbour.atom?stories=1", headers: ("If-None-Match", once.Headers.ETag!.ToString()));
        Assert.Equal(System.Net.HttpStatusCode.NotModified, same.StatusCode);

        await site.Services.GetRequiredService<IStoryStore>().SplitAsync(ids["late"], "ann", site.Clock.GetUtcNow(), default);
        site.Clock.Advance(TimeSpan.FromSeconds(5));

        using var changed = await site.SendAsync("/categories/harbour.atom?stories=1", headers: ("If-None-Match", once.Headers.ETag!.ToString()));
        using var unchanged = await site.SendAsync("/categories/harbour.atom", headers: ("If-None-Match", every.Headers.ETag!.ToString()));
        Assert.Equal((System.Net.HttpStatusCode.OK, System.Net.HttpStatusCode.NotModified), (changed.StatusCode, unchanged.StatusCode));
        Assert.Equal(3, XDocument.Parse(await changed.Content.ReadAsStringAsync()).Root!.Elements(Atom + "entry").Count());
        Assert.Equal(2, XDocument.Parse(await site.Client.GetStringAsync("/all.atom?stories=1")).Root!.Elements(Atom + "entry").Count(
            entry => (string)entry.Element(Atom + "title")! is StorySamples.First or StorySamples.Other));
    }

    private static string Link(XElement feed, string rel) =>
        (string)feed.Elements(Atom + "link").Single(link => (string?)link.Attribute("rel") == rel).Attribute("href")!;
}
