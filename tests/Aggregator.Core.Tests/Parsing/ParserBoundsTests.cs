using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>
/// Documents made to hurt. Each must end in a result or a named refusal within what is promised. What the thread allocated is more
/// than it ever held at once; its processor time is the same on a busy machine as on an idle one.
/// </summary>
public sealed class ParserBoundsTests(ITestOutputHelper output)
{
    private static readonly ParseContext Context = new() { FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero) };

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    private const long MaxBytes = 100_000_000;

    public static TheoryData<string> Names => [.. Documents.Keys];

    private static Dictionary<string, Func<byte[]>> Documents { get; } = new(StringComparer.Ordinal)
    {
        ["ten megabytes in one description"] = () => Xml("<rss><channel><item><title>t</title><description>" + new string('x', 10_000_000) + "</description></item></channel></rss>"),
        ["ten megabytes, broken"] = () => Xml("<rss><channel><item><title>t</title><description>a & b " + new string('x', 10_000_000) + "</description></item></channel></rss>"),
        ["a hundred thousand items"] = () => Xml("<rss><channel>" + string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"<item><guid>{i}</guid><title>t{i}</title></item>")) + "</channel></rss>"),
        ["a hundred thousand items, broken"] = () => Xml("<rss><channel>&" + string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"<item><guid>{i}</guid><title>t{i}</title>")) + "</channel></rss>"),
        ["a hundred thousand nested elements"] = () => Xml("<rss><channel><item><description>" + Repeat("<b>", 100_000) + Repeat("</b>", 100_000) + "</description></item></channel></rss>"),
        ["a hundred thousand nested elements, escaped"] = () => Xml("<rss><channel><item><description>" + Repeat("&lt;b&gt;", 100_000) + "</description></item></channel></rss>"),
        ["a hundred thousand nested elements, unclosed"] = () => Xml("<rss><channel><item><description>" + Repeat("<b>", 100_000)),
        ["a hundred thousand nested channels"] = () => Xml("<rss>" + Repeat("<channel>", 100_000) + Repeat("</channel>", 100_000) + "</rss>"),
        ["a hundred thousand nested media groups"] = () => Xml("<rss xmlns:media='http://search.yahoo.com/mrss/'><channel><item>" + Repeat("<media:group>", 100_000) + Repeat("</media:group>", 100_000) + "</item></channel></rss>"),
        ["a hundred thousand end tags"] = () => Xml("<rss><channel><item><b>" + Repeat("</i>", 100_000) + "</channel></rss>"),
        ["a title of a hundred megabytes after expansion"] = () => Xml("<!DOCTYPE rss [<!ENTITY a \"" + new string('x', 100_000) + "\">]><rss><channel><title>" + Repeat("&a;", 1_000) + "</title><item/></channel></rss>"),
        ["a billion laughs"] = () => Xml("<!DOCTYPE rss [<!ENTITY a0 \"lol\">" + string.Concat(Enumerable.Range(1, 10).Select(static i => $"<!ENTITY a{i} \"{Repeat($"&a{i - 1};", 10)}\">")) + "]><rss><channel><title>&a10;</title><item/></channel></rss>"),
        // Found by mutation: the names of entities that nobody declares became strings, as often as they were named.
        ["a billion names that nobody knows"] = () => Xml("<!DOCTYPE rss [<!ENTITY a0 \"lol\">" + string.Concat(Enumerable.Range(1, 6).Select(static i => $"<!ENTITY a{i} \"{Repeat($"&a{i - 1};", 10)}&{Repeat("x", 2_000)};\">")) + "]><rss><channel><title>&a6;</title><item/></channel></rss>"),
        ["an entity of itself"] = () => Xml("<!DOCTYPE rss [<!ENTITY a \"&b;&b;\"><!ENTITY b \"&a;&a;\">]><rss><channel><title>&a;</title><item/></channel></rss>"),
        ["an entity of two hundred of itself"] = () => Xml("<!DOCTYPE rss [<!ENTITY a \"" + Repeat("&a;", 200) + "\">]><rss><channel><title>&a;</title><item/></channel></rss>"),
        ["an external entity"] = () => Xml("<!DOCTYPE rss [<!ENTITY x SYSTEM \"file:///dev/zero\">]><rss><channel><title>&x;</title><item><title>t</title></item></channel></rss>"),
        ["an external entity of a parameter entity"] = () => Xml("<!DOCTYPE rss [<!ENTITY % p SYSTEM \"file:///dev/zero\"> %p;]><rss><channel><title>&x;</title><item><title>t</title></item></channel></rss>"),
        ["a hundred thousand names"] = () => Xml("<rss><channel><item>" + string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"<n{i} a{i}='x'/>")) + "<title>t</title></item></channel></rss>"),
        ["a name of a million pieces"] = () => Xml("<rss><channel><item><title>t</title><author>" + Repeat("a<b/>", 1_000_000) + "</author></item></channel></rss>"),
        ["an image of a million pieces"] = () => Xml("<rss><channel><image>" + Repeat("a<b/>", 1_000_000) + "</image><item><title>t</title></item></channel></rss>"),
        ["a source of a million pieces"] = () => Xml("<rss><channel><item><title>t</title><source>" + Repeat("a<b/>", 1_000_000) + "</source></item></channel></rss>"),
        ["half a million authors"] = () => Xml("<rss><channel><item><title>t</title>" + string.Concat(Enumerable.Range(0, 400_000).Select(static i => $"<author>{i}</author>")) + "</item></channel></rss>"),
        ["a namespace of a megabyte"] = () => Xml("<rss xmlns='" + new string('X', 1_000_000) + "'><channel><item><title>t</title>" + string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"<n{i % 1_000}/>")) + "</item></channel></rss>"),
        ["relative addresses under a long base"] = () => Xml("<rss xml:base='http://example.org/" + new string('x', 2_000) + "/'><channel>" + Repeat("<item><link>a</link><comments>b</comments><enclosure url='c'/></item>", 100_000) + "</channel></rss>"),
        ["relative addresses under an endless base"] = () => Xml("<rss xml:base='http://example.org/" + new string('x', 60_000) + "/'><channel>" + Repeat("<item><link>a</link><enclosure url='c'/></item>", 100_000) + "</channel></rss>"),
        ["links under a long base, escaped"] = () => Xml("<rss xml:base='http://example.org/" + new string('x', 2_000) + "/'><channel><item><description>" + Repeat("&lt;a href=x>", 200_000) + "</description></item></channel></rss>"),
        ["links under a long base in each of many items, escaped"] = () => Xml("<rss xml:base='http://example.org/" + new string('x', 2_000) + "/'><channel>" + string.Concat(Enumerable.Range(0, 15_000).Select(static i => $"<item><guid>{i}</guid><description>{Repeat("&lt;a href=x>", 20)}</description></item>")) + "</channel></rss>"),
        ["a UTF-16 bomb"] = () => [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<rss><channel><title>" + new string('中', 4_000_000) + "</title><item/></channel></rss>")],
        ["a million attributes"] = () => Xml("<rss><channel><item " + string.Concat(Enumerable.Range(0, 20_000).Select(static i => $"a{i}='x' ")) + "& ><title>t</title></item></channel></rss>"),
        ["a million less-than signs"] = () => Xml("<rss><channel><item><title>" + new string('<', 1_000_000) + "</title></item></channel></rss>"),
        ["a hundred thousand unclosed comments"] = () => Xml("<rss><channel><item>" + Repeat("<!-- ", 100_000)),
        ["a million unclosed comments with an end each"] = () => Xml("<rss><channel><item>&" + Repeat("<!-- >", 1_000_000)),
        ["a million unclosed quotes"] = () => Xml("<rss><channel><item>" + Repeat("<a b=\"", 1_000_000)),
        ["a million unclosed instructions"] = () => Xml("<rss><channel><item>&" + Repeat("<? >", 1_000_000)),
        ["a million unclosed CDATA sections, escaped"] = () => Xml("<rss><channel><item><description>&lt;b>" + Repeat("&lt;![CDATA[", 500_000) + "</description></item></channel></rss>"),
        ["a million tags that never end, escaped"] = () => Xml("<rss><channel><item><description>" + Repeat("&lt;b ", 500_000) + "</description></item></channel></rss>"),
        ["a million ampersands"] = () => Xml("<rss><channel><item><description>" + Repeat("&amp;", 1_000_000) + "</description></item></channel></rss>"),
        ["a hundred thousand unclosed CDATA sections"] = () => Xml("<rss><channel><item><title>" + Repeat("<![CDATA[ </title>", 100_000)),
        ["JSON a hundred thousand deep"] = () => Encoding.UTF8.GetBytes("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":" + new string('[', 100_000)),
        ["ten megabytes in one JSON string"] = () => Json("{\"id\":\"1\",\"content_html\":\"" + new string('x', 10_000_000) + "\"}"),
        ["a hundred thousand JSON items"] = () => Json(string.Join(',', Enumerable.Range(0, 100_000).Select(static i => $"{{\"id\":\"{i}\",\"title\":\"t{i}\"}}"))),
        ["a hundred thousand broken JSON items"] = () => Json(Repeat("{\"id\":\"1\"},{\"id\":},", 100_000)),
        ["a million half characters in JSON"] = () => Json("{\"id\":\"1\",\"title\":\"" + Repeat("\\ud800", 1_000_000) + "\"}"),
        ["a million JSON members"] = () => Json("{" + Repeat("\"\\u0061\":1,", 1_000_000) + "}"),
        ["a million JSON strings without an end"] = () => Json(Repeat("{\"", 1_000_000)),
        ["ten megabytes of nothing"] = () => new byte[10_000_000],
        ["ten megabytes of noise"] = () =>
        {
            var noise = new byte[10_000_000];
            new Random(7).NextBytes(noise);
            return noise;
        },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Ends_in_a_result_or_a_named_refusal_within_two_seconds_and_a_hundred_megabytes(string name)
    {
        var document = Documents[name]();
        FeedParser.Parse("<rss><channel><item>&</item></channel></rss>"u8.ToArray(), Context);
        ParseResult? result = null;
        var parsing = Cost.Of(() => result = FeedParser.Parse(document, Context));
        output.WriteLine($"{name}: {document.Length / 1e6:F1} MB, {parsing}, {result!.GetType().Name}");
        Assert.True(parsing.Time < MaxTime, $"{parsing}");
        Assert.True(parsing.Allocated < MaxBytes, $"{parsing}");

        if (result is not ParseResult.Parsed { Feed: var feed }) return;
        var normalizing = Cost.Of(() => new FeedNormalizer(new ContentSanitizer()).Normalize(feed, new NormalizeContext { FetchedAt = Context.FetchedAt }));
        output.WriteLine($"  normalised: {normalizing}");
        Assert.True(normalizing.Time < MaxTime, $"normalising: {normalizing}");
        Assert.True(normalizing.Allocated < MaxBytes, $"normalising: {normalizing}");
    }

    [Fact]
    public void Refuses_a_document_beyond_the_limit()
    {
        var refused = Assert.IsType<ParseResult.Refused>(FeedParser.Parse(new byte[ParserLimits.MaxDocumentBytes + 1], Context));
        Assert.Equal(FetchFailureKind.TooLarge, refused.Kind);
    }

    private static byte[] Json(string items) => Encoding.UTF8.GetBytes("{\"version\":\"https://jsonfeed.org/version/1\",\"items\":[" + items + "]}");

    private static byte[] Xml(string text) => Encoding.UTF8.GetBytes(text);

    private static string Repeat(string text, int count) => new StringBuilder(text.Length * count).Insert(0, text, count).ToString();
}
