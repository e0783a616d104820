using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Testing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>
/// Mutated documents, of the shared corpus where that is present. The seed is fixed, so that a finding can be found again:
/// <c>AGGREGATOR_FUZZ_SEED</c> chooses another, <c>AGGREGATOR_FUZZ_COUNT</c> how many documents (2000 by default, 2000000 for a long
/// run). FsCheck shrinks what it finds and prints it.
/// </summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Documents that share a seed: the unit in which they are spread over the processors.</summary>
    private const int Share = 500;

    private static readonly ParseContext Context = new() { FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero), BaseUrl = new Uri("https://example.org/feed") };

    private static readonly FeedNormalizer Normalizer = new(new ContentSanitizer());

    private int _done;
    private int _parsed;
    private TimeSpan _slowest;
    private long _largest;

    [Fact]
    public void Mutated_documents_end_in_a_result_or_a_named_refusal()
    {
        var own = Own();
        Run(own, Number("AGGREGATOR_FUZZ_COUNT", 2_000) / 10, "our own documents");
        if (!File.Exists(Path.Combine(Corpus.Folder, "expect.jsonl")))
        {
            output.WriteLine("The shared corpus is not beside the repository: our own documents only.");
            return;
        }

        byte[][] shared =
        [
            .. Corpus.Lines("expect.jsonl").Concat(Corpus.Lines("expect_opml.jsonl")).Select(static line => Path.Combine(Corpus.Folder, line.GetProperty("file").GetString()!))
                .Where(static file => new FileInfo(file).Length is > 0 and <= MaxBytes).Select(File.ReadAllBytes),
        ];
        Run(shared, Number("AGGREGATOR_FUZZ_COUNT", 2_000), "the shared corpus");
    }

    private void Run(byte[][] documents, int count, string name)
    {
        var seed = Number("AGGREGATOR_FUZZ_SEED", 20260905);
        var arbitrary = MutatedDocument.Of(documents);
        var findings = new ConcurrentQueue<string>();
        _done = _parsed = 0;
        Parallel.For(0, (count + Share - 1) / Share, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, share =>
        {
            if (findings.Count >= 5) return;
            var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true)
                .WithMaxTest(Math.Min(Share, count - share * Share)).WithReplay(unchecked((ulong)seed), (ulong)share * 2 + 1);
            try
            {
                Prop.ForAll(arbitrary, Read).Check(config);
            }
            catch (Exception exception)
            {
                findings.Enqueue($"Share {share} of seed {seed}: {exception.Message}");
            }
        });

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}, seed {seed}: {_done} documents, {_parsed} read as feeds, the slowest took {_slowest.TotalMilliseconds:F0} ms, at most {_largest / 1e6:F0} MB allocated"));
        Assert.True(findings.IsEmpty, string.Join('\n', findings));
        Assert.Equal(count, _done);
        Assert.True(_parsed > count / 10, $"{_parsed} of {count} were still feeds: the mutations are too wild to tell anything");
    }

    private void Read(MutatedDocument mutated)
    {
        var document = mutated.Bytes();
        var started = Stopwatch.GetTimestamp();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var isFeed = false;
        if (FeedParser.Parse(document, Context) is ParseResult.Parsed { Feed: var feed })
        {
            isFeed = true;
            foreach (var entry in Normalizer.Normalize(feed, new NormalizeContext { FetchedAt = Context.FetchedAt, BaseUrl = Context.BaseUrl }).Entries)
            {
                if (entry.Url is { } url && !Urls.IsHttp(url)) throw new InvalidOperationException($"The address {url} got out.");
                if (entry.Content?.Contains("<script", StringComparison.OrdinalIgnoreCase) == true) throw new InvalidOperationException("A script got out.");
            }
        }
        else if (OpmlReader.TryRead(document, out var list, out var reason) ? list.Outlines is null : string.IsNullOrEmpty(reason))
        {
            throw new InvalidOperationException("A refusal without a reason.");
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var elapsed = Stopwatch.GetElapsedTime(started);
        lock (output)
        {
            _done++;
            if (isFeed) _parsed++;
            if (elapsed > _slowest) _slowest = elapsed;
            if (allocated > _largest) _largest = allocated;
        }

        // A hang, not a busy machine: these documents take less than a millisecond.
        if (elapsed > TimeSpan.FromSeconds(10)) throw new InvalidOperationException($"It took {elapsed}.");
        if (allocated > 100_000_000) throw new InvalidOperationException($"It allocated {allocated} bytes.");
    }

    /// <summary>The bundled feeds, and a document of each dialect that is not among them.</summary>
    private static byte[][] Own() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "feeds"), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(static file => new FileInfo(file).Length is > 0 and <= MaxBytes).Select(File.ReadAllBytes),
        Encoding.UTF8.GetBytes("<?xml version=\"1.0\"?><!DOCTYPE rdf:RDF [<!ENTITY pct \"&#37;\">]><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns=\"http://my.netscape.com/rdf/simple/0.9/\"><channel><title>a &pct;</title><link>http://example.org/</link></channel><item><title>b &amp; c</title><link>http://example.org/1</link></item></rdf:RDF>"),
        Encoding.UTF8.GetBytes("<CHANNEL HREF=\"http://example.org/\"><TITLE>a</TITLE><ITEM HREF=\"http://example.org/1\" LASTMOD=\"2026-09-05\"><TITLE>b</TITLE><ABSTRACT>c</ABSTRACT></ITEM></CHANNEL>"),
        Encoding.UTF8.GetBytes("<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><channel><title>a</title><item><title>b</title><guid isPermaLink=\"false\">1</guid><pubDate>Sat, 05 Sep 2026 10:00:00 CST</pubDate><dc:date>2026年9月5日 下午3点</dc:date><media:group><media:content url=\"http://example.org/v.mp4\" type=\"video/mp4\"><media:title>m</media:title></media:content></media:group><itunes:duration>1:02:03</itunes:duration><enclosure url=\"/a.mp3\" length=\"9\" type=\"audio/mpeg\"/><description><![CDATA[<p onclick=x>c <img src=1.png> <svg><style>d</style></svg><table><td>e<noscript>f]]></description></item></channel></rss>"),
        Encoding.UTF8.GetBytes("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:base=\"http://example.org/\" xml:lang=\"zh\"><title type=\"html\">a&lt;b&gt;c</title><at:deleted-entry xmlns:at=\"http://purl.org/atompub/tombstones/1.0\" ref=\"x\" when=\"2026-09-05T10:00:00Z\"/><entry><id>urn:1</id><title>b</title><link rel=\"enclosure\" href=\"c\"/><content type=\"xhtml\"><div xmlns=\"http://www.w3.org/1999/xhtml\"><p xml:base=\"d/\">e <a href=\"f\">g</a></p></div></content><updated>2026-09-05T10:00:00.5+08:00</updated></entry></feed>"),
        [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("<?xml version=\"1.0\" encoding=\"utf-16\"?><rss><channel><title>新闻</title><item><title>标题</title><description>&lt;b&gt;内容</description></item></channel></rss>")],
    ];

    internal static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
