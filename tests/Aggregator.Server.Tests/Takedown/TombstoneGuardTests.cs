using Aggregator.Server.Takedown;
using Xunit;

namespace Aggregator.Server.Tests.Takedown;

public sealed class TombstoneGuardTests
{
    [Theory]
    [InlineData("/articles/7", 7L)]
    [InlineData("/ARTICLES/7", 7L)]
    [InlineData("/articles/7/", 7L)]
    [InlineData("/articles/7.json", 7L)]
    [InlineData("/articles/7/snapshots/20260301080000.json", 7L)]
    [InlineData("/articles/7/diff", 7L)]
    [InlineData("/articles/+7/snapshots/20260301080000.json", 7L)]
    [InlineData("/articles/ 7/diff", 7L)]
    [InlineData("/articles/7 ", 7L)]
    [InlineData("/articles/007", 7L)]
    [InlineData("/timemap/+7.json", 7L)]
    [InlineData("/timemap/7.json", 7L)]
    [InlineData("/timegate/7", 7L)]
    [InlineData("/timegate/https://example.org/7", null)]
    [InlineData("/articles/7a", null)]
    [InlineData("/articles/", null)]
    [InlineData("/articles/99999999999999999999", null)]
    [InlineData("/categories/7", null)]
    [InlineData("/", null)]
    [InlineData(null, null)]
    public void Knows_which_article_an_address_is_about(string? path, long? entryId) => Assert.Equal(entryId, TombstoneGuard.EntryOf(path));
}
