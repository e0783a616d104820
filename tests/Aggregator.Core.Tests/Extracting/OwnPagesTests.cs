using System.Text.Json;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Extracting;

/// <summary>Pages written by us in the manner of the field's publishing systems, so that the rules are tried on more than they were made from.</summary>
public sealed class OwnPagesTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Aggregator.Core.Tests", "Extracting", "Pages");

    public static TheoryData<string> Pages => new(File.ReadLines(Path.Combine(Folder, "expect.jsonl")).Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("file").GetString()!));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Reads_what_a_reader_sees(string file)
    {
        var expected = File.ReadLines(Path.Combine(Folder, "expect.jsonl")).Select(static line => JsonDocument.Parse(line).RootElement).Single(line => line.GetProperty("file").GetString() == file);
        var article = PageSamples.Extract(File.ReadAllText(Path.Combine(Folder, file)), expected.GetProperty("url").GetString());
        Assert.Equal(expected.GetProperty("title").GetString(), article.Title);
        Assert.Equal(expected.GetProperty("published").GetDateTimeOffset(), article.PublishedAt);
        Assert.StartsWith(expected.GetProperty("language").GetString()!, article.Language, StringComparison.Ordinal);
        if (expected.TryGetProperty("source", out var source)) Assert.Equal(source.GetString(), article.Source);
        if (expected.TryGetProperty("site", out var site)) Assert.Equal(site.GetString(), article.SiteName);
        if (expected.TryGetProperty("authors", out var authors)) Assert.Equal(Strings(authors), article.Authors);
        if (expected.TryGetProperty("credits", out var credits)) Assert.Equal(Strings(credits), article.Credits.Select(static credit => credit.Name));
        if (expected.TryGetProperty("images", out var images)) Assert.Equal(images.GetInt32(), article.Images.Count);
        if (expected.TryGetProperty("next", out var next)) Assert.Equal(next.GetString(), article.NextPageUrl?.AbsoluteUri);
        else Assert.Null(article.NextPageUrl);
        Assert.All(Strings(expected.GetProperty("contains")), text => Assert.Contains(text, article.Text, StringComparison.Ordinal));
        Assert.All(Strings(expected.GetProperty("excludes")), text => Assert.DoesNotContain(text, article.Text, StringComparison.Ordinal));
        Assert.DoesNotContain("javascript:", article.Content, StringComparison.OrdinalIgnoreCase);
    }

    private static List<string> Strings(JsonElement array) => [.. array.EnumerateArray().Select(static item => item.GetString()!)];
}
