using System.Text.Json;
using Aggregator.Core.Parsing;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>The shared corpus beside the repository, and how tests do without it.</summary>
internal static class Corpus
{
    internal static string Folder { get; } = Path.Combine(Repository.Root, "..", "shared", "corpus");

    internal static void SkipUnlessPresent() =>
        Assert.SkipUnless(File.Exists(Path.Combine(Folder, "expect.jsonl")), "The shared corpus is not beside the repository.");

    internal static IEnumerable<JsonElement> Lines(string file)
    {
        foreach (var line in File.ReadLines(Path.Combine(Folder, file)))
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    internal static ParseResult Parse(JsonElement expectation)
    {
        var file = expectation.GetProperty("file").GetString()!;
        return FeedParser.Parse(File.ReadAllBytes(Path.Combine(Folder, file)), Context(expectation));
    }

    internal static ParseContext Context(JsonElement expectation)
    {
        string? contentType = null;
        if (expectation.TryGetProperty("http", out var http) && http.ValueKind == JsonValueKind.Object)
            foreach (var header in http.EnumerateObject())
                if (header.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
                    contentType = header.Value.GetString();

        return new ParseContext
        {
            FetchedAt = new DateTimeOffset(2026, 9, 5, 10, 0, 0, TimeSpan.Zero),
            ContentType = contentType,
            BaseUrl = expectation.TryGetProperty("base_url", out var url) && url.ValueKind == JsonValueKind.String && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var address) ? address : null,
        };
    }
}
