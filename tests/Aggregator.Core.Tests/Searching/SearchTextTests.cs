using Aggregator.Core.Searching;
using Xunit;

namespace Aggregator.Core.Tests.Searching;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData(null, "<p>It is open.</p>", "It is open.")]
    [InlineData("It is open.", null, "It is open.")]
    [InlineData("It is…", "<p>It is open.</p>", "It is open.")]
    [InlineData("It is open.", "<figure><figcaption>The bridge</figcaption></figure><p>It is open. At last.</p>", "The bridge It is open. At last.")]
    [InlineData("We were there.", "<p>It is open.</p>", "We were there.\nIt is open.")]
    public void Says_once_what_summary_and_body_both_say(string? summary, string? content, string text) =>
        Assert.Equal(text, string.Join('\n', SearchText.Body(summary, content).Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))));
}
