using Aggregator.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>2,452 real and hostile documents with expected results.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Reads_the_corpus_as_well_as_promised()
    {
        Corpus.SkipUnlessPresent();
        var score = new CorpusScore();
        foreach (var expectation in Corpus.Lines("expect.jsonl")) score.Add(expectation, Corpus.Parse(expectation));
        output.WriteLine(score.Table());
        foreach (var (file, field, expected, read) in score.Differences)
            output.WriteLine($"{file} {field}: expected {Short(expected)}, read {Short(read)}");

        Assert.Empty(score.Accepted);
        Assert.True(score.AnyRead >= 70, $"{score.AnyRead} of {score.Any} broken documents read");
        Assert.True(100.0 * score.All.Parsed / score.All.Files >= 99.9, "parsed");
        Assert.True(score.All.Percent("entries") >= 99.9, "entry counts");
        Assert.All(CorpusScore.Fields, field => Assert.True(score.All.Percent(field) >= 99.0, $"{field}: {score.All.Percent(field):F2} %"));
        Assert.All([.. CorpusScore.Fields, "entries"], field => Assert.True(score.Real.Percent(field) >= 99.5, $"{field} of real captures: {score.Real.Percent(field):F2} %"));
    }

    [Fact]
    public void Names_every_difference_in_the_list_of_disputes_or_of_known_gaps()
    {
        Corpus.SkipUnlessPresent();
        var disputed = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Aggregator.Core.Tests", "Parsing", "Disputed.md"));
        var score = new CorpusScore();
        var files = 0;
        foreach (var expectation in Corpus.Lines("expect.jsonl"))
        {
            files++;
            score.Add(expectation, Corpus.Parse(expectation));
        }

        var unnamed = score.Differences.Select(static difference => difference.File["feeds/".Length..]).Distinct(StringComparer.Ordinal)
            .Where(file => !disputed.Contains(file, StringComparison.Ordinal)).ToList();
        Assert.Empty(unnamed);
        var claimed = disputed.Split("\n## Known gaps", 2)[0].Split('\n').Count(static line => line.StartsWith("| `", StringComparison.Ordinal));
        Assert.True(claimed <= files * 0.003, $"{claimed} disputes of {files} files");
    }

    private static string Short(string? text) => text is null ? "nothing" : text.Length > 100 ? text[..100] + "…" : text;
}
