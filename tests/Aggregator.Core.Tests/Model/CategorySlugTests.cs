using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Model;

public sealed class CategorySlugTests
{
    [Theory]
    [InlineData("World News", "world-news")]
    [InlineData("  C++ & C#  ", "c-c")]
    [InlineData("Économie", "economie")]
    [InlineData("a\uFFFEbc", "abc")]
    [InlineData("国内 Domestic", "domestic")]
    public void Makes_a_slug_of_a_titles_letters(string title, string slug) => Assert.Equal(slug, CategorySlug.FromTitle(title));

    [Theory]
    [InlineData("国内"), InlineData("日本語"), InlineData("!!!"), InlineData("")]
    public void Makes_the_same_valid_slug_of_the_same_title_without_any(string title)
    {
        var slug = CategorySlug.FromTitle(title);
        Assert.True(CategorySlug.IsValid(slug));
        Assert.Equal(slug, CategorySlug.FromTitle(title));
        Assert.NotEqual(slug, CategorySlug.FromTitle(title + "版"));
    }

    [Fact]
    public void Keeps_slugs_within_their_bound() => Assert.True(CategorySlug.IsValid(CategorySlug.FromTitle(new string('a', 63) + " " + new string('b', 500))));

    [Theory]
    [InlineData(null), InlineData(""), InlineData("-a"), InlineData("a-"), InlineData("A"), InlineData("a b"), InlineData("国内"), InlineData("a/b"), InlineData("a.atom")]
    public void Refuses_what_may_not_stand_in_an_address(string? slug) => Assert.False(CategorySlug.IsValid(slug));
}
