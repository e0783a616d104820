using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Publishing;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Publishing;

/// <summary>Real feeds, broken and hostile ones among them, read, normalised and published again: what comes out is valid whatever went in.</summary>
public sealed class PublishedCorpusTests
{
    private static readonly string Corpus = Path.Combine(Repository.Root, "..", "shared", "corpus", "feeds");
    private static readonly FeedNormalizer Normalizer = new(new ContentSanitizer());

    [Fact]
    public void Publishes_every_feed_of_the_corpus_without_an_error_or_a_warning()
    {
        Assert.SkipUnless(Directory.Exists(Corpus), $"The corpus is not at {Corpus}.");
        var (published, findings) = (0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(Corpus, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (Read(file) is not { Entries.Count: > 0 } feed) continue;
            published++;
            var publication = Publication(feed);
            using var json = JsonDocument.Parse(JsonFeedWriter.Write(publication));
            Assert.Equal(publication.Entries.Count, json.RootElement.GetProperty("items").GetArrayLength());
            foreach (var (name, document) in new[] { ("atom", AtomWriter.Write(publication)), ("rss", RssWriter.Write(publication)) })
                findings.AddRange(FeedValidator.Validate(document, PublicationSamples.Now)
                    .Select(finding => $"{Path.GetRelativePath(Corpus, file)} as {name}: {finding}"));
        }

        Assert.True(published > 1000, $"Only {published} feeds.");
        Assert.True(findings.Count == 0, $"{findings.Count} findings in {published} feeds:\n" + string.Join('\n', findings.Take(100)));
    }

    private static NormalizedFeed? Read(string file)
    {
        var at = PublicationSamples.Captured;
        var baseUrl = new Uri("https://orig.example/feed.xml");
        return FeedParser.Parse(File.ReadAllBytes(file), new ParseContext { BaseUrl = baseUrl, FetchedAt = at }) is ParseResult.Parsed parsed
            ? Normalizer.Normalize(parsed.Feed, new NormalizeContext { BaseUrl = baseUrl, FetchedAt = at })
            : null;
    }

    private static Publication Publication(NormalizedFeed feed)
    {
        var source = PublicationSamples.Source() with { Feed = feed.Facts };
        return PublicationSamples.Of(
            [.. feed.Entries.Take(500).Select((entry, i) => new PublishedEntry(
                new StoredEntry
                {
                    Id = i + 1,
                    SourceId = source.Id,
                    Entry = entry,
                    FirstSeenAt = PublicationSamples.Captured,
                    CapturedAt = PublicationSamples.Captured,
                    Version = 1,
                    SortAt = entry.PublishedAt < PublicationSamples.Captured ? entry.PublishedAt.Value : PublicationSamples.Captured,
                },
                source))]);
    }
}
