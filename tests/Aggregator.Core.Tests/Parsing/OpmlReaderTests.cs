using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed partial class OpmlReaderTests
{
    [Fact]
    public void Reads_every_outline_and_folder_of_the_corpus_and_loses_nothing_on_writing()
    {
        Corpus.SkipUnlessPresent();
        var lists = 0;
        var mended = new List<string>();
        foreach (var expectation in Corpus.Lines("expect_opml.jsonl"))
        {
            var file = expectation.GetProperty("file").GetString()!;
            var isOpml = OpmlReader.TryRead(File.ReadAllBytes(Path.Combine(Corpus.Folder, file)), out var document, out var reason);
            if (!expectation.GetProperty("must").ValueEquals("parse"))
            {
                Assert.True(isOpml || reason is { Length: > 0 });
                if (!isOpml) continue;
            }
            else
            {
                Assert.True(isOpml, $"{file}: {reason}");
                var expected = expectation.GetProperty("feeds").EnumerateArray().Select(static feed => (
                    Text(feed, "xmlUrl"), string.Join('/', feed.GetProperty("folders").EnumerateArray().Select(static folder => Collapse(folder.GetString()))))).ToList();
                var read = document!.Feeds().Select(static feed => (feed.Outline.XmlUrl ?? "", string.Join('/', feed.Folders.Select(Collapse)))).ToList();
                // Bare ampersands and quotes: the expectation lost "&name" and some outlines, we read them whole.
                if (document!.Repairs.Count > 0)
                {
                    Assert.True(read.Count >= expected.Count, $"{file}: {read.Count} of {expected.Count}");
                    mended.AddRange(expected.Except(read.Select(static feed => (BareReference().Replace(feed.Item1, ""), Collapse(BareReference().Replace(feed.Item2, ""))))).Except(read).Select(feed => $"{file} {feed}"));
                }
                else
                {
                    Assert.Equal(expected, read);
                }
            }

            lists++;
            AssertSame(document!, WrittenAndRead(document!), file);
        }

        Assert.True(lists > 100, $"{lists} lists");
        Assert.True(mended.Count == 0, string.Join('\n', mended));
    }

    [Fact]
    public void Keeps_fifty_thousand_outlines_through_writing_and_reading()
    {
        var outlines = Enumerable.Range(0, 50_000).Select(static i => new OpmlOutline
        {
            Text = $"来源 {i} <&\"'>",
            Title = "T",
            Type = "rss",
            XmlUrl = $"https://example.org/{i}?a=1&b=2",
            HtmlUrl = "https://example.org/",
            Attributes = [new("language", "zh"), new("description", "line\nbreak")],
        }).ToList();
        var document = new OpmlDocument { Title = "全部", Outlines = [new OpmlOutline { Text = "国内", Outlines = outlines }] };
        AssertSame(document, WrittenAndRead(document), "made");
    }

    [Fact]
    public void Passes_over_a_DTD_and_mends_what_is_broken()
    {
        Assert.True(OpmlReader.TryRead(Encoding.UTF8.GetBytes("<!DOCTYPE opml SYSTEM \"file:///etc/passwd\"><opml><body><outline text='Q&A' XMLURL='https://example.org/?a=1&b=2'></body>"), out var document, out _));
        var outline = Assert.Single(document.Outlines);
        Assert.Equal("Q&A", outline.Text);
        Assert.Equal("https://example.org/?a=1&b=2", outline.XmlUrl);
        Assert.NotEmpty(document.Repairs);
    }

    [Fact]
    public void Reads_markup_with_quotes_inside_an_attribute()
    {
        Assert.True(OpmlReader.TryRead("<opml><body><outline text='a' description=\"see <a href=\"https://x.example\" rel=\"me\">x</a>.\" xmlUrl=\"https://example.org/\"/><outline text='b' xmlUrl='https://example.com/'/></body></opml>"u8.ToArray(), out var document, out _));
        Assert.Equal(["https://example.org/", "https://example.com/"], document.Outlines.Select(static outline => outline.XmlUrl));
    }

    [Fact]
    public void Flattens_what_is_nested_too_deep_and_keeps_it()
    {
        var opml = "<opml><body>" + string.Concat(Enumerable.Repeat("<outline text='f'>", 1_000)) + "<outline text='x' xmlUrl='https://example.org/'/>" + string.Concat(Enumerable.Repeat("</outline>", 1_000)) + "</body></opml>";
        Assert.True(OpmlReader.TryRead(Encoding.UTF8.GetBytes(opml), out var document, out _));
        Assert.Equal("https://example.org/", Assert.Single(document.Feeds()).Outline.XmlUrl);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not xml")]
    [InlineData("<rss><channel/></rss>")]
    public void Says_why_a_file_is_no_list(string text)
    {
        Assert.False(OpmlReader.TryRead(Encoding.UTF8.GetBytes(text), out _, out var reason));
        Assert.EndsWith(".", reason, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"&\w*")]
    private static partial Regex BareReference();

    private static OpmlDocument WrittenAndRead(OpmlDocument document)
    {
        using var written = new MemoryStream();
        OpmlWriter.Write(written, document);
        Assert.True(OpmlReader.TryRead(written.ToArray(), out var again, out var reason), reason);
        Assert.Empty(again.Repairs);
        return again;
    }

    private static void AssertSame(OpmlDocument expected, OpmlDocument actual, string file)
    {
        Assert.Equal(expected.Title, actual.Title);
        Assert.Equal(expected.Head, actual.Head);
        Assert.True(Flat(expected.Outlines).SequenceEqual(Flat(actual.Outlines), StringComparer.Ordinal), file);
    }

    private static IEnumerable<string> Flat(IReadOnlyList<OpmlOutline> outlines, int depth = 0) =>
        outlines.SelectMany(outline => Flat(outline.Outlines, depth + 1).Prepend(
            JsonSerializer.Serialize(new { depth, outline.Text, outline.Title, outline.Type, outline.XmlUrl, outline.HtmlUrl, outline.Attributes })));

    private static string Text(JsonElement element, string name) => (element.GetProperty(name).GetString() ?? "").Trim();

    private static string Collapse(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
