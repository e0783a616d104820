using Aggregator.Core.Searching;
using Xunit;

namespace Aggregator.Core.Tests.Searching;

public sealed class SearchTermsTests
{
    [Theory]
    [InlineData("harbour twin", "harbour twin")]
    [InlineData("港", "港")]
    [InlineData("港口城", "港 港口 港口城 口 口城 城")]
    [InlineData("iphone手机17", "iphone 手 手机 机 17")]
    [InlineData("𠮷野", "𠮷 𠮷野 野")]
    [InlineData("山𠮷野", "山 山𠮷 山𠮷野 𠮷 𠮷野 野")]
    [InlineData("한글", "한 한글 글")]
    [InlineData("", "")]
    public void Words_are_terms_and_runs_give_characters_pairs_and_triples(string folded, string expected)
    {
        var terms = new TermSet();
        SearchTerms.Add(terms, folded);
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), terms.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("harbour", "harbour", true)]
    [InlineData("港", "港", true)]
    [InlineData("港口", "港口", true)]
    [InlineData("港口城", "港口城", true)]
    [InlineData("港口城市", "港口城 口城市", true)]
    [InlineData("digital twin", "digital twin", false)]
    [InlineData("港口twin", "港口 twin", false)]
    [InlineData("𠮷野", "𠮷野", true)]
    public void Knows_what_a_unit_needs_and_whether_that_is_enough(string unit, string expected, bool isExact)
    {
        var needed = SearchTerms.Needed(unit, SearchField.Text);
        Assert.Equal(expected.Split(' '), needed.Terms);
        Assert.Equal(isExact, needed.IsExact);
    }

    [Fact]
    public void Whatever_has_a_unit_has_its_terms()
    {
        var random = new Random(11);
        const string Letters = "ab1港口城한글𠮷 ";
        for (var round = 0; round < 2_000; round++)
        {
            var text = FoldedText.Fold(string.Concat(Enumerable.Range(0, 12).Select(_ => Letters[random.Next(Letters.Length)])));
            if (text.Length < 2) continue;
            var start = random.Next(text.Length);
            var unit = FoldedText.Fold(text[start..random.Next(start, text.Length)]);
            if (unit.Length == 0 || FoldedText.IndexOf(text, unit) < 0) continue;
            var terms = new TermSet();
            SearchTerms.Add(terms, text);
            Assert.Subset(terms, SearchTerms.Needed(unit, SearchField.Text).Terms.ToHashSet());
        }
    }

    [Fact]
    public void Terms_without_forks_are_enough_for_a_run()
    {
        var random = new Random(12);
        const string Letters = "港口城市数字调度𠮷";
        var wrong = 0;
        for (var round = 0; round < 60_000; round++)
        {
            var text = Run(random, Letters, 14) + " " + Run(random, Letters, 8);
            var unit = Run(random, Letters, random.Next(3, 7));
            var terms = new TermSet();
            SearchTerms.Add(terms, text);
            var needed = SearchTerms.Needed(unit, SearchField.Text);
            var has = FoldedText.IndexOf(text, unit) >= 0;
            var hasTerms = needed.Terms.All(terms.Contains);
            if (has) Assert.True(hasTerms);
            if (!hasTerms || has) continue;
            wrong++;
            Assert.True(needed.ForksBefore.Any(terms.Contains) && needed.ForksBehind.Any(terms.Contains), $"{unit} is not in {text}, and nothing says so.");
        }

        Assert.True(wrong > 20, "No document had the terms alone: nothing was tested.");

        static string Run(Random random, string letters, int length)
        {
            var runes = letters.EnumerateRunes().ToArray();
            return string.Concat(Enumerable.Range(0, length).Select(_ => runes[random.Next(random.Next(2) == 0 ? 3 : runes.Length)].ToString()));
        }
    }

    [Fact]
    public void A_very_long_run_gives_a_bounded_number_of_terms()
    {
        var random = new Random(13);
        var terms = new TermSet();
        SearchTerms.Add(terms, string.Concat(Enumerable.Range(0, 100_000).Select(_ => (char)random.Next(0x4E00, 0x9FFF))));

        // As much as a vector of PostgreSQL holds: 1 MiB of letters.
        Assert.InRange(terms.Sum(term => System.Text.Encoding.UTF8.GetByteCount(term)), 500_000, 1_048_575);
    }

    [Fact]
    public void A_very_long_word_is_a_bounded_term()
    {
        var terms = new TermSet();
        SearchTerms.Add(terms, new string('a', 10_000));

        Assert.Equal(SearchTerms.MaxWordLength, Assert.Single(terms).Length);
        Assert.Equal((1, false), (SearchTerms.Needed(new string('a', 10_000), SearchField.Text).Terms.Count, SearchTerms.Needed(new string('a', 10_000), SearchField.Text).IsExact));
    }

    [Fact]
    public void What_is_no_text_cannot_be_typed()
    {
        string[] apart = [SearchTerms.Every, SearchTerms.Source(7), SearchTerms.Category(7), SearchTerms.Language("zh-Hant")];

        Assert.Equal(apart.Length, apart.Distinct().Count());
        Assert.Equal(SearchTerms.Language("ZH"), SearchTerms.Language("zh-Hant"));
        Assert.All(apart, term => Assert.DoesNotContain(term[0], FoldedText.Fold(term)));
        var title = new TermSet();
        SearchTerms.Add(title, "港口", SearchField.Title);
        var text = new TermSet();
        SearchTerms.Add(text, "港口");
        Assert.Empty(title.Intersect(text));
    }

    [Theory]
    [InlineData("harbour 港口城 x", "harbour 港口 口城 x")]
    [InlineData("港", "港")]
    [InlineData("𠮷野屋", "𠮷野 野屋")]
    [InlineData("", "")]
    public void Places_are_words_and_pairs(string folded, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries), SearchTerms.Places(folded).Select(place => folded[place.Start..place.End]));

    private sealed class TermSet() : HashSet<string>(StringComparer.Ordinal), ITerms
    {
        public void Add(ReadOnlySpan<char> term) => base.Add(term.ToString());
    }
}
