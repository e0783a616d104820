using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Testing;

public sealed class LoopbackUpstreamTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private static readonly XNamespace Rss10 = "http://purl.org/rss/1.0/";

    private static HttpClient Client(DecompressionMethods decompression = DecompressionMethods.None, bool redirects = false) =>
        new(new SocketsHttpHandler { AutomaticDecompression = decompression, AllowAutoRedirect = redirects, UseProxy = false });

    [Fact]
    public async Task Every_document_holds_the_expected_ids_and_titles()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 32, EntriesPerSource = 7, Categories = 3 });
        using var client = Client();

        foreach (var source in upstream.Sources)
            Assert.Equal(
                upstream.Expected(source.Index).Reverse().Select(entry => (entry.Id, entry.Title)),
                Read(source.Format, await client.GetStringAsync(source.Url)));

        Assert.Equal(Enum.GetValues<LoopbackUpstreamFormat>(), upstream.Sources.Select(source => source.Format).Distinct().Order());
        Assert.Equal(32, upstream.Statistics.Documents);
    }

    [Fact]
    public async Task The_same_options_publish_the_same_texts()
    {
        await using var one = await LoopbackUpstream.StartAsync(new() { Sources = 4, EntriesPerSource = 3, Seed = 7 });
        await using var two = await LoopbackUpstream.StartAsync(new() { Sources = 4, EntriesPerSource = 3, Seed = 7 });
        await using var other = await LoopbackUpstream.StartAsync(new() { Sources = 4, EntriesPerSource = 3, Seed = 8 });

        Assert.Equal(Texts(one), Texts(two));
        Assert.NotEqual(Texts(one), Texts(other));
        Assert.StartsWith("[1/0] The harbour office will open the last tram i", one.Expected(1)[0].Title, StringComparison.Ordinal);

        static IEnumerable<(string, string, DateTimeOffset)> Texts(LoopbackUpstream upstream) =>
            upstream.Sources.SelectMany(source => upstream.Expected(source.Index)).Select(entry => (entry.Title, entry.Html, entry.PublishedAt));
    }

    [Fact]
    public async Task Sixteen_sources_show_every_format_with_every_kind_of_validator()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 16, EntriesPerSource = 1 });

        Assert.Equal(16, upstream.Sources.Select(source => (source.Format, source.SendsETag, source.SendsLastModified)).Distinct().Count());
    }

    [Fact]
    public async Task An_unchanged_source_answers_304_to_its_own_validators_only()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 16, EntriesPerSource = 2 });
        using var client = Client();

        foreach (var source in upstream.Sources)
        {
            using var first = await client.GetAsync(source.Url);
            Assert.Equal(source.SendsETag, first.Headers.ETag is not null);
            Assert.Equal(source.SendsLastModified, first.Content.Headers.LastModified is not null);

            using var again = await AskAgainAsync(client, source, first);
            Assert.Equal(source.HasValidators ? HttpStatusCode.NotModified : HttpStatusCode.OK, again.StatusCode);
            Assert.Equal(first.Headers.ETag, again.Headers.ETag);

            upstream.Publish(source.Index);
            using var changed = await AskAgainAsync(client, source, first);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);

            var statistics = upstream.StatisticsOf(source.Index);
            Assert.Equal(3, statistics.Requests);
            Assert.Equal(source.HasValidators ? 2 : 0, statistics.ConditionalRequests);
            Assert.Equal(source.HasValidators ? 1 : 0, statistics.NotModified);
            Assert.Equal(source.HasValidators ? 2 : 3, statistics.Documents);
        }

        Assert.Equal(48, upstream.Statistics.Requests);
        Assert.Equal(12, upstream.Statistics.NotModified);
        upstream.ResetStatistics();
        Assert.Equal(0, upstream.Statistics.Requests);
        Assert.Equal(0, upstream.StatisticsOf(3).Requests);
    }

    [Fact]
    public async Task The_compressed_document_is_the_same_and_has_its_own_entity_tag()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 1 });
        using var plain = Client();
        using var gzip = Client(DecompressionMethods.GZip);

        using var uncompressed = await plain.GetAsync(upstream.Sources[0].Url);
        using var compressed = await gzip.GetAsync(upstream.Sources[0].Url);

        Assert.Equal(await uncompressed.Content.ReadAsStringAsync(), await compressed.Content.ReadAsStringAsync());
        Assert.NotEqual(uncompressed.Headers.ETag, compressed.Headers.ETag);
        Assert.Equal(1, upstream.Statistics.Compressed);
        Assert.Equal(2, upstream.Statistics.Documents);
    }

    [Fact]
    public async Task New_entries_come_first_and_stay_expected_when_they_leave_the_document()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 2, EntriesPerSource = 5, MaxEntriesInDocument = 6 });
        using var client = Client();

        var published = upstream.Publish(0, 3);

        Assert.Equal([5, 6, 7], published.Select(entry => entry.Serial));
        Assert.Equal(8, upstream.Expected(0).Count);
        Assert.Equal(5, upstream.Expected(1).Count);
        Assert.True(published[0].PublishedAt > upstream.Expected(0)[4].PublishedAt);
        var shown = Read(upstream.Sources[0].Format, await client.GetStringAsync(upstream.Sources[0].Url));
        Assert.Equal(upstream.Expected(0).Reverse().Take(6).Select(entry => (entry.Id, entry.Title)), shown);
    }

    [Fact]
    public async Task An_edit_keeps_the_id_and_changes_title_body_and_document()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 1, EntriesPerSource = 3 });
        using var client = Client();
        var before = upstream.Expected(0);

        var edited = Assert.Single(upstream.Edit(0));

        Assert.Equal(before[2].Id, edited.Id);
        Assert.NotEqual(before[2].Title, edited.Title);
        Assert.NotEqual(before[2].Html, edited.Html);
        Assert.Equal([before[0], before[1], edited], upstream.Expected(0));
        var shown = Read(upstream.Sources[0].Format, await client.GetStringAsync(upstream.Sources[0].Url));
        Assert.Equal((edited.Id, edited.Title), shown[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => upstream.Edit(0, 4));
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound, null)]
    [InlineData(HttpStatusCode.Gone, null)]
    [InlineData(HttpStatusCode.InternalServerError, null)]
    [InlineData(HttpStatusCode.ServiceUnavailable, 120)]
    public async Task A_source_fails_with_the_status_it_was_told(HttpStatusCode status, int? retryAfterSeconds)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 2, EntriesPerSource = 1 });
        using var client = Client();
        TimeSpan? retryAfter = retryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        upstream.SetFault(0, new LoopbackUpstreamFault.Status(status, retryAfter));

        using var bad = await client.GetAsync(upstream.Sources[0].Url);
        using var good = await client.GetAsync(upstream.Sources[1].Url);

        Assert.Equal(status, bad.StatusCode);
        Assert.Equal(retryAfter, bad.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(1, upstream.Statistics.Faults);

        upstream.SetFault(0, null);
        using var mended = await client.GetAsync(upstream.Sources[0].Url);
        Assert.Equal(HttpStatusCode.OK, mended.StatusCode);
    }

    [Fact]
    public async Task A_page_and_an_empty_body_come_with_200()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 2, EntriesPerSource = 1 });
        using var client = Client();
        upstream.SetFault(0, new LoopbackUpstreamFault.HtmlPage());
        upstream.SetFault(1, new LoopbackUpstreamFault.EmptyBody());

        using var page = await client.GetAsync(upstream.Sources[0].Url);
        using var empty = await client.GetAsync(upstream.Sources[1].Url);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, empty.StatusCode);
        Assert.Empty(await empty.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_aborted_body_breaks_the_connection_in_the_middle()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 1 });
        using var client = Client();
        upstream.SetFault(0, new LoopbackUpstreamFault.AbortedBody());

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetByteArrayAsync(upstream.Sources[0].Url));

        Assert.Equal(1, upstream.Statistics.Faults);
        Assert.Equal(0, upstream.Statistics.Documents);
    }

    [Fact]
    public async Task A_truncated_document_arrives_whole_and_is_not_well_formed()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 3 });
        using var client = Client(DecompressionMethods.GZip);

        foreach (var source in upstream.Sources)
        {
            upstream.SetFault(source.Index, new LoopbackUpstreamFault.TruncatedDocument());
            var text = await client.GetStringAsync(source.Url);
            Assert.NotEmpty(text);
            Assert.Throws<XmlException>(() => XDocument.Parse(text));
        }
    }

    [Theory]
    [InlineData(HttpStatusCode.MovedPermanently)]
    [InlineData(HttpStatusCode.Found)]
    [InlineData(HttpStatusCode.PermanentRedirect)]
    public async Task A_redirect_leads_to_the_same_document(HttpStatusCode status)
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 1, EntriesPerSource = 2 });
        using var client = Client();
        using var following = Client(redirects: true);
        var direct = await client.GetStringAsync(upstream.Sources[0].Url);
        upstream.SetFault(0, new LoopbackUpstreamFault.Redirect(status));

        using var response = await client.GetAsync(upstream.Sources[0].Url);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(direct, await following.GetStringAsync(upstream.Sources[0].Url));
    }

    [Fact]
    public async Task A_redirect_loop_never_ends()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 1, EntriesPerSource = 1 });
        using var client = Client(redirects: true);
        upstream.SetFault(0, new LoopbackUpstreamFault.RedirectLoop());

        using var response = await client.GetAsync(upstream.Sources[0].Url);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.True(upstream.Statistics.Requests > 10);
    }

    [Fact]
    public async Task Slow_sources_are_under_way_together_and_then_answer_well()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 8, EntriesPerSource = 1 });
        using var client = Client();
        foreach (var source in upstream.Sources)
            upstream.SetFault(source.Index, new LoopbackUpstreamFault.Slow(TimeSpan.FromMilliseconds(500)));

        var clock = Stopwatch.StartNew();
        await Task.WhenAll(upstream.Sources.Select(source => client.GetStringAsync(source.Url)));

        Assert.True(clock.Elapsed >= TimeSpan.FromMilliseconds(450), clock.Elapsed.ToString());
        Assert.InRange(upstream.Statistics.MaxConcurrent, 2, 8);
        Assert.Equal(8, upstream.Statistics.Documents);
    }

    [Fact]
    public async Task The_subscription_list_names_every_source_in_its_category()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 11, EntriesPerSource = 2, Categories = 5 });
        using var client = Client();
        XNamespace agg = "urn:aggregator:opml";

        var opml = XDocument.Parse(await client.GetStringAsync(upstream.OpmlUrl));

        var listed = opml.Root!.Element("body")!.Elements("outline").SelectMany(category => category.Elements("outline")
            .Select(source => (Category: category.Attribute(agg + "slug")!.Value, Url: source.Attribute("xmlUrl")!.Value)));
        Assert.Equal(
            upstream.Sources.Select(source => (source.Category, source.Url.AbsoluteUri)).Order(),
            listed.Order());
        Assert.Equal(
            ["category-1", "category-2", "category-3", "category-4", "category-5"],
            opml.Root.Element("body")!.Elements("outline").Select(category => category.Attribute(agg + "slug")!.Value));
        Assert.Equal(6, upstream.ExpectedOf("category-1").Count);
        Assert.Equal(4, upstream.ExpectedOf("category-5").Count);
    }

    [Fact]
    public async Task An_entry_has_a_page_with_its_text()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 2, EntriesPerSource = 2 });
        using var client = Client();
        var entry = upstream.Expected(1)[1];

        var page = await client.GetStringAsync(entry.Url);
        using var missing = await client.GetAsync(new Uri(upstream.BaseAddress, "/articles/1/2"));

        Assert.Contains(entry.Html, page, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }

    [Fact]
    public async Task Sources_are_spread_over_several_loopback_addresses()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux answers on all of 127.0.0.0/8.");
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 6, EntriesPerSource = 1, Hosts = 3 });
        using var client = Client();

        Assert.Equal(
            ["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.1", "127.0.0.2", "127.0.0.3"],
            upstream.Sources.Select(source => source.Url.Host));
        await Task.WhenAll(upstream.Sources.Select(source => client.GetStringAsync(source.Url)));
        Assert.Equal(6, upstream.Statistics.Documents);
    }

    [Fact]
    public async Task Five_hundred_sources_of_twenty_entries_all_differ()
    {
        await using var upstream = await LoopbackUpstream.StartAsync(new() { Sources = 500, EntriesPerSource = 20, Categories = 5 });
        using var client = Client(DecompressionMethods.GZip);

        var entries = 0;
        await Parallel.ForEachAsync(upstream.Sources, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (source, cancellation) =>
        {
            var shown = Read(source.Format, await client.GetStringAsync(source.Url, cancellation));
            Interlocked.Add(ref entries, shown.Length);
        });

        Assert.Equal(10_000, entries);
        var expected = upstream.Sources.SelectMany(source => upstream.Expected(source.Index)).ToArray();
        Assert.Equal(10_000, expected.Select(entry => entry.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(10_000, expected.Select(entry => entry.Title).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(10_000, expected.Select(entry => entry.Html).Distinct(StringComparer.Ordinal).Count());
    }

    private static async Task<HttpResponseMessage> AskAgainAsync(HttpClient client, LoopbackUpstreamSource source, HttpResponseMessage first)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, source.Url);
        if (first.Headers.ETag is { } tag) request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(tag.Tag, tag.IsWeak));
        request.Headers.IfModifiedSince = first.Content.Headers.LastModified;
        return await client.SendAsync(request);
    }

    private static (string Id, string Title)[] Read(LoopbackUpstreamFormat format, string text) => format switch
    {
        LoopbackUpstreamFormat.Rss20 => [.. XDocument.Parse(text).Descendants("item")
            .Select(item => (item.Element("guid")!.Value, item.Element("title")!.Value))],
        LoopbackUpstreamFormat.Atom10 => [.. XDocument.Parse(text).Descendants(Atom + "entry")
            .Select(entry => (entry.Element(Atom + "id")!.Value, entry.Element(Atom + "title")!.Value))],
        LoopbackUpstreamFormat.Rss10 => [.. XDocument.Parse(text).Root!.Elements(Rss10 + "item")
            .Select(item => (item.Attribute(Rdf + "about")!.Value, item.Element(Rss10 + "title")!.Value))],
        LoopbackUpstreamFormat.JsonFeed11 => [.. JsonDocument.Parse(text).RootElement.GetProperty("items").EnumerateArray()
            .Select(item => (item.GetProperty("id").GetString()!, item.GetProperty("title").GetString()!))],
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no reader for this format."),
    };
}
