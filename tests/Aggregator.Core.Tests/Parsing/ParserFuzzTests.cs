using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>
/// Mutated documents of the corpus. The seed is fixed, so that a finding can be found again: <c>AGGREGATOR_FUZZ_SEED</c> chooses
/// another, <c>AGGREGATOR_FUZZ_COUNT</c> how many documents (2000 by default, 2000000 for a long run).
/// </summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private const int MaxBytes = 64 * 1024;

    private static readonly string[] Splinters =
    [
        "<", ">", "&", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>", "<?xml", "?>", "<!DOCTYPE x [", "<!ENTITY a \"&a;\">", "&a;", "&#0;", "&#xFFFFFFFF;", "&nbsp;", "</", "/>", "<item>", "</item>", "<entry>",
        "</channel>", "</rss>", "<rss>", "xmlns:x=\"\"", "xmlns=\"x\"", "x:y:z=\"1\"", "<:a>", "<a:>", "<xml:b>", "<xmlns:c>", "\0", "\uFFFE", "\uFEFF", "\u0001", "{", "}", "[", "]", ",", "\\ud800", "<script>", "<svg>", "<plaintext>",
        "99999999999999999999", "-1", "3小时前", "2026年13月41日", "<content type=\"xhtml\">", "<content mode=\"base64\">", "xml:base=\"http://[\"", "http://[::1", "href=\"//\"", "<link rel=\"a b c\" href=\"x\"/>", "<textarea>", "<table><td>",
    ];

    [Fact]
    public void Mutated_documents_end_in_a_result_or_a_named_refusal()
    {
        Corpus.SkipUnlessPresent();
        var seed = Number("AGGREGATOR_FUZZ_SEED", 20260905);
        var count = Number("AGGREGATOR_FUZZ_COUNT", 2_000);
        var documents = Corpus.Lines("expect.jsonl").Select(static line => Path.Combine(Corpus.Folder, line.GetProperty("file").GetString()!))
            .Where(static file => new FileInfo(file).Length is > 0 and <= MaxBytes).Select(File.ReadAllBytes).ToArray();
        var context = new ParseContext { FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero), BaseUrl = new Uri("https://example.org/feed") };
        var normalizer = new FeedNormalizer(new ContentSanitizer());
        var findings = new ConcurrentQueue<string>();
        int parsed = 0, done = 0;
        var slowest = TimeSpan.Zero;
        var largest = 0L;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            // Each document has a seed of its own, whatever the order in which they run.
            var random = new Random(HashCode(seed, i));
            var document = Mutate(documents, random);
            var started = Stopwatch.GetTimestamp();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                if (FeedParser.Parse(document, context) is ParseResult.Parsed { Feed: var feed })
                {
                    Interlocked.Increment(ref parsed);
                    var normalized = normalizer.Normalize(feed, new NormalizeContext { FetchedAt = context.FetchedAt, BaseUrl = context.BaseUrl });
                    foreach (var entry in normalized.Entries)
                        if (entry.Url is { } url && !Urls.IsHttp(url)) throw new InvalidOperationException($"The address {url} got out.");
                }
            }
            catch (Exception exception)
            {
                findings.Enqueue($"Document {i} of seed {seed}: {exception}");
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var elapsed = Stopwatch.GetElapsedTime(started);
            lock (documents)
            {
                if (elapsed > slowest) slowest = elapsed;
                if (allocated > largest) largest = allocated;
                done++;
            }
        });

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {done} documents, {parsed} read as feeds, the slowest took {slowest.TotalMilliseconds:F0} ms, at most {largest / 1e6:F0} MB allocated"));
        Assert.True(findings.IsEmpty, string.Join('\n', findings.Take(10)));
        Assert.Equal(count, done);
        Assert.True(slowest < TimeSpan.FromSeconds(10), $"{slowest}");
        Assert.True(largest < 100_000_000, $"{largest} bytes allocated");
        Assert.True(parsed > count / 10, $"{parsed} of {count} were still feeds: the mutations are too wild to tell anything");
    }

    private static byte[] Mutate(byte[][] documents, Random random)
    {
        var document = documents[random.Next(documents.Length)].ToList();
        for (var mutations = random.Next(1, 6); mutations > 0 && document.Count > 0; mutations--)
        {
            var at = random.Next(document.Count);
            var length = Math.Min(document.Count - at, random.Next(1, 1 << random.Next(1, 11)));
            switch (random.Next(9))
            {
                case 0:
                    for (var i = 0; i < Math.Min(length, 8); i++) document[at + i] = (byte)random.Next(256);
                    break;
                case 1: document.RemoveRange(at, length); break;
                case 2: document.InsertRange(random.Next(document.Count), document.GetRange(at, length)); break;
                case 3: document.RemoveRange(at, document.Count - at); break;
                case 4 or 5 or 6: document.InsertRange(at, System.Text.Encoding.UTF8.GetBytes(Splinters[random.Next(Splinters.Length)])); break;
                case 7:
                    var splinter = System.Text.Encoding.UTF8.GetBytes(Splinters[random.Next(Splinters.Length)]);
                    for (var i = random.Next(1, 200); i > 0 && document.Count < MaxBytes * 2; i--) document.InsertRange(at, splinter);
                    break;
                default:
                    var other = documents[random.Next(documents.Length)];
                    var from = random.Next(other.Length);
                    document.InsertRange(at, other[from..Math.Min(other.Length, from + 2_000)]);
                    break;
            }
        }

        return [.. document];
    }

    private static int HashCode(int seed, int i) => unchecked(seed * 486_187_739 + i * 16_777_619);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
