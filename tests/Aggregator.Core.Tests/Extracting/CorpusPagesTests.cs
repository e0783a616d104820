using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Aggregator.Core.Extracting;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Tests.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Extracting;

/// <summary>The shared corpora of pages, scored by the rules of their own tools.</summary>
public sealed partial class CorpusPagesTests(ITestOutputHelper output)
{
    private static readonly ArticleExtractor Extractor = new(new ContentSanitizer());

    [Fact]
    public void Reads_Chinese_news_pages_as_well_as_promised()
    {
        Corpus.SkipUnlessPresent();
        var score = new SortedDictionary<string, (int Right, int All)>(StringComparer.Ordinal);
        foreach (var line in File.ReadLines(Path.Combine(Corpus.Folder, "pages-zh", "expect.jsonl")))
        {
            var expected = JsonDocument.Parse(line).RootElement;
            var page = expected.GetProperty("page").GetString()!;
            var result = Extractor.Extract(
                File.ReadAllBytes(Path.Combine(Corpus.Folder, "pages-zh", expected.GetProperty("file").GetString()!)),
                new ExtractContext { FetchedAt = PageSamples.Now, Url = Text(expected, "url") is { } url ? new Uri(url) : null },
                TestContext.Current.CancellationToken);
            var article = Assert.IsType<ExtractResult.Extracted>(result).Article;
            AssertHarmless(article);
            Score(expected, page, article, score);
        }

        output.WriteLine(Table(score));
        foreach (var (what, least) in (ReadOnlySpan<(string, int)>)[("title", 34), ("published", 33), ("source", 26), ("author", 6), ("credits", 17), ("body", 33), ("images", 31), ("length", 33)])
            Assert.True(score[what].Right >= least, $"{what}: {score[what].Right} of {score[what].All}, less than {least}");
    }

    [Fact]
    public void Reads_the_pages_of_readability_as_well_as_SmartReader()
    {
        Corpus.SkipUnlessPresent();
        var score = new SortedDictionary<string, (int Right, int All)>(StringComparer.Ordinal);
        List<double> f1 = [];
        foreach (var folder in Directory.GetDirectories(Path.Combine(Corpus.Folder, "pages")).Order(StringComparer.Ordinal))
        {
            var page = Path.GetFileName(folder);
            var result = Extractor.Extract(
                File.ReadAllBytes(Path.Combine(folder, "source.html")), new ExtractContext { FetchedAt = PageSamples.Now, Url = new Uri("http://fakehost/test/page.html") }, TestContext.Current.CancellationToken);
            var article = Assert.IsType<ExtractResult.Extracted>(result).Article;
            AssertHarmless(article);
            f1.Add(F1(Tokens(File.ReadAllText(Path.Combine(folder, "expected.html"))), Tokens(article.Content)));
            var metadata = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected-metadata.json"))).RootElement;
            foreach (var (name, read) in (ReadOnlySpan<(string, string?)>)[("title", article.Title), ("byline", article.Byline ?? string.Join(", ", article.Authors)), ("siteName", article.SiteName), ("lang", article.Language)])
                if (Text(metadata, name) is { Length: > 0 } value)
                    Count(score, name, page, CorpusText.WithoutSpace(value).Equals(CorpusText.WithoutSpace(read), StringComparison.OrdinalIgnoreCase));
        }

        output.WriteLine($"pages {f1.Count}  mean F1 {f1.Average():F4}  {Table(score)}");
        Assert.True(Math.Round(f1.Average(), 4) >= 0.9998, $"mean F1 {f1.Average():F5}");
        Assert.True(score["title"].Right >= 54 && score["byline"].Right >= 20, Table(score));
    }

    private void Score(JsonElement expected, string page, ExtractedArticle article, SortedDictionary<string, (int Right, int All)> score)
    {
        var doubt = Strings(expected, "uncertain");
        var body = CorpusText.WithoutSpace(article.Text);
        if (!doubt.Contains("title")) Count(score, "title", page, article.Title == PlainText.Collapse(Text(expected, "title")!, int.MaxValue));
        var zone = TimeSpan.FromHours(page.StartsWith("nhk", StringComparison.Ordinal) ? 9 : 8);
        var format = Text(expected, "published_precision") switch { "second" => "yyyy-MM-dd HH:mm:ss", "minute" => "yyyy-MM-dd HH:mm", _ => "yyyy-MM-dd" };
        string? When(DateTimeOffset? date) => date?.ToOffset(zone).ToString(format, CultureInfo.InvariantCulture);
        if (!doubt.Contains("published")) Count(score, "published", page, When(article.PublishedAt) == When(expected.GetProperty("published").GetDateTimeOffset()));
        if (Text(expected, "source") is { } source && !doubt.Contains("source"))
            Count(score, "source", page, Strings(expected, "source_also").Append(source).Any(one => CorpusText.WithoutSpace(one) == CorpusText.WithoutSpace(article.Source)));
        if (Text(expected, "author") is { } author && !doubt.Contains("author"))
            Count(score, "author", page, author.Split(' ').Any(name => string.Concat(article.Authors).Contains(name, StringComparison.Ordinal)));
        var credits = expected.GetProperty("credits").EnumerateArray().Select(static credit => Text(credit, "name")!.Split('_')[0]).ToList();
        if (credits.Count > 0 && !doubt.Contains("credits"))
            Count(score, "credits", page, credits.TrueForAll(name => article.Credits.Any(credit => credit.Name.Contains(name, StringComparison.Ordinal))));
        var whole = ((string[])["first", "middle", "last"]).All(part => body.Contains(CorpusText.WithoutSpace(Text(expected, part)), StringComparison.Ordinal));
        var clean = !Strings(expected, "not_in_body").Exists(part => body.Contains(CorpusText.WithoutSpace(part), StringComparison.Ordinal));
        Count(score, "body", page, whole && clean);
        if (!doubt.Contains("images")) Count(score, "images", page, article.Images.Count == expected.GetProperty("images").GetInt32());
        if (!doubt.Contains("body_chars")) Count(score, "length", page, body.Length / expected.GetProperty("body_chars").GetDouble() is >= 0.90 and <= 1.15);
    }

    private void Count(SortedDictionary<string, (int Right, int All)> score, string what, string page, bool isRight)
    {
        var (right, all) = score.GetValueOrDefault(what);
        score[what] = (right + (isRight ? 1 : 0), all + 1);
        if (!isRight) output.WriteLine($"{page}: {what}");
    }

    private static void AssertHarmless(ExtractedArticle article)
    {
        Assert.DoesNotMatch(Harm(), article.Content);
        Assert.DoesNotMatch(ScriptAddress(), article.Content);
        Assert.All(article.Images, static image => Assert.StartsWith("http", image, StringComparison.Ordinal));
    }

    private static string Table(SortedDictionary<string, (int Right, int All)> score) => string.Join("  ", score.Select(static pair => $"{pair.Key} {pair.Value.Right}/{pair.Value.All}"));

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static List<string> Strings(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(static item => item.GetString()!)] : [];

    private static Dictionary<string, int> Tokens(string html) =>
        Token().Matches(CorpusText.Readable(html).ToLowerInvariant()).GroupBy(static match => match.Value, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Count(), StringComparer.Ordinal);

    private static double F1(Dictionary<string, int> expected, Dictionary<string, int> read)
    {
        if (expected.Count == 0 && read.Count == 0) return 1;
        double overlap = expected.Sum(pair => Math.Min(pair.Value, read.GetValueOrDefault(pair.Key)));
        if (overlap == 0) return 0;
        double precision = overlap / read.Values.Sum(), recall = overlap / expected.Values.Sum();
        return 2 * precision * recall / (precision + recall);
    }

    [GeneratedRegex(@"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[\p{L}\p{N}\p{Mn}]+?(?=[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]|[^\p{L}\p{N}\p{Mn}]|\z)")]
    private static partial Regex Token();

    [GeneratedRegex(@"<\s*(?:script|style|iframe|object|embed|form|svg|base|meta|link)\b|<[^>]*\son[a-z]+\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Harm();

    [GeneratedRegex(@"(?:href|src|poster|cite|srcset|action)\s*=\s*[""']?\s*(?:javascript|vbscript|data)\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex ScriptAddress();
}
