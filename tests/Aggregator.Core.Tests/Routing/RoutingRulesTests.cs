using System.Diagnostics;
using Aggregator.Core.Model;
using Aggregator.Core.Routing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Aggregator.Core.Tests.Routing;

public sealed class RoutingRulesTests
{
    private static readonly Source ASource = new()
    {
        Id = 1,
        Url = "https://user:pass@feeds.example/news?x=1",
        Title = "晨报 Morning",
        State = SourceState.Active,
        NextFetchAt = default,
        CreatedAt = default,
    };

    private static readonly Entry AnEntry = new()
    {
        Key = "k",
        Url = "https://news.example/opinion/1",
        Title = "AI 广告 of the Day",
        Summary = "A short \"summary\" \\ here",
        Content = "<p>GPT-5 &amp; <b>more</b></p><script>hidden()</script>",
        Authors = [new Person("Ann Lee"), new Person("王五")],
        Tags = ["Sponsored", "科技"],
        Language = "zh-Hans-CN",
        ContentHash = new byte[] { 1 },
    };

    [Theory]
    [InlineData("title contains \"广告\"", true)]
    [InlineData("TITLE Contains \"ai\"", true)]
    [InlineData("title equals \"ai 广告 OF the day\"", true)]
    [InlineData("title equals \"ai\"", false)]
    [InlineData("title matches \"^ai .* day$\"", true)]
    [InlineData("title matches \"^广告\"", false)]
    [InlineData("summary contains \"\\\"summary\\\" \\\\\"", true)]
    [InlineData("content contains \"GPT-5 & more\"", true)]
    [InlineData("content matches \"gpt-\\d\"", true)]
    [InlineData("content contains \"<b>\"", false)]
    [InlineData("author equals \"王五\"", true)]
    [InlineData("author equals \"Ann\"", false)]
    [InlineData("author contains \"lee\"", true)]
    [InlineData("link contains \"/opinion/\"", true)]
    [InlineData("tag equals \"sponsored\"", true)]
    [InlineData("tag equals \"sponsor\"", false)]
    [InlineData("source equals \"晨报 morning\"", true)]
    [InlineData("source contains \"feeds.example\"", true)]
    [InlineData("source contains \"pass\"", false)]
    [InlineData("language equals \"zh\"", true)]
    [InlineData("language equals \"zh-hans\"", true)]
    [InlineData("language equals \"z\"", false)]
    [InlineData("not title contains \"x\"", true)]
    [InlineData("not not title contains \"AI\"", true)]
    [InlineData("title contains \"AI\" and tag equals \"科技\"", true)]
    [InlineData("title contains \"AI\" and tag equals \"x\"", false)]
    [InlineData("title contains \"x\" or tag equals \"科技\"", true)]
    // "and" binds closer than "or", "not" closer than both.
    [InlineData("title contains \"AI\" or title contains \"x\" and title contains \"x\"", true)]
    [InlineData("(title contains \"AI\" or title contains \"x\") and title contains \"x\"", false)]
    [InlineData("not title contains \"x\" and title contains \"x\"", false)]
    [InlineData("not (title contains \"x\" and title contains \"x\")", true)]
    public void Holds_for_what_it_says(string condition, bool holds)
    {
        Assert.True(RoutingRules.TryParse(condition + " then drop", out var rules, out var problem), problem?.ToString());
        var outcome = RoutingRules.Apply([rules], new RoutingSubject(AnEntry, ASource), explain: true);
        Assert.Equal(holds, outcome.DroppedBy is not null);
        Assert.Equal(holds, Assert.Single(outcome.Traces).Holds);
    }

    [Theory]
    [InlineData("titel contains \"x\" then drop", 1, RoutingProblemKind.Expected, "a field")]
    [InlineData("title is \"x\" then drop", 7, RoutingProblemKind.Expected, "contains")]
    [InlineData("title containsx \"x\" then drop", 7, RoutingProblemKind.Expected, "contains")]
    [InlineData("title contains x then drop", 16, RoutingProblemKind.Expected, "quotation")]
    [InlineData("title contains \"x then drop", 16, RoutingProblemKind.Unclosed, "")]
    [InlineData("title contains \"\" then drop", 16, RoutingProblemKind.TextLength, "200")]
    [InlineData("title contains \"x\" drop", 20, RoutingProblemKind.Expected, "then")]
    [InlineData("title contains \"x\" then", 24, RoutingProblemKind.Expected, "drop")]
    [InlineData("title contains \"x\" then explode", 25, RoutingProblemKind.Expected, "drop")]
    [InlineData("title contains \"x\" then drop it", 30, RoutingProblemKind.Expected, "end of the line")]
    [InlineData("(title contains \"x\" then drop", 21, RoutingProblemKind.Expected, ")")]
    [InlineData("title contains \"x\" and then drop", 24, RoutingProblemKind.Expected, "a field")]
    [InlineData("title contains \"x\" then category \"Not A Slug\"", 34, RoutingProblemKind.Slug, "")]
    [InlineData("title matches \"(\" then drop", 15, RoutingProblemKind.Pattern, "")]
    [InlineData("title matches \"(a)\\1\" then drop", 15, RoutingProblemKind.Pattern, "back references")]
    [InlineData("title matches \"(?=a)b\" then drop", 15, RoutingProblemKind.Pattern, "look-around")]
    [InlineData("title matches \"((a{1000}){1000}){1000}\" then drop", 15, RoutingProblemKind.Pattern, "repetitions")]
    public void Says_where_and_why_it_cannot_be_read(string rule, int column, RoutingProblemKind kind, string detail)
    {
        Assert.False(RoutingRules.TryParse("# a comment\n\n" + rule, out _, out var problem));
        Assert.Equal((3, column, kind), (problem.Line, problem.Column, problem.Kind));
        Assert.Contains(detail, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Bounds_what_it_reads()
    {
        Assert.Equal(RoutingProblemKind.TooDeep, ProblemOf(new string('(', 17) + "title contains \"x\"" + new string(')', 17) + " then drop"));
        Assert.Equal(RoutingProblemKind.TooDeep, ProblemOf(string.Concat(Enumerable.Repeat("not ", 17)) + "title contains \"x\" then drop"));
        Assert.Equal(RoutingProblemKind.TooMany, ProblemOf(string.Join(" or ", Enumerable.Repeat("title contains \"x\"", 33)) + " then drop"));
        Assert.Equal(RoutingProblemKind.TooMany, ProblemOf(string.Join('\n', Enumerable.Repeat("title contains \"x\" then drop", 101))));
        Assert.Equal(RoutingProblemKind.TextLength, ProblemOf($"title contains \"{new string('x', 201)}\" then drop"));
        Assert.Equal(RoutingProblemKind.TooLong, ProblemOf("#" + new string('x', 16 * 1024)));
        Assert.Same(RoutingRules.None, RoutingRules.Of("a rule of a newer version"));
        Assert.Same(RoutingRules.None, RoutingRules.Of(null));
    }

    [Fact]
    public void Rules_are_asked_in_order_until_one_drops()
    {
        var source = Parse("title contains \"AI\" then category \"ai\"\ntag equals \"科技\" then tag \"tech\"\ntitle contains \"nothing\" then drop");
        var category = Parse("language equals \"zh\" then category \"ai\"\ntitle contains \"广告\" then drop\ntitle contains \"AI\" then tag \"late\"");
        var kept = RoutingRules.Apply([source], new RoutingSubject(AnEntry, ASource));
        Assert.Null(kept.DroppedBy);
        Assert.Equal(["ai"], kept.Slugs);
        Assert.Equal(["tech"], kept.Tags);

        var dropped = RoutingRules.Apply([source, category], new RoutingSubject(AnEntry, ASource), explain: true);
        Assert.Equal("title contains \"广告\" then drop", dropped.DroppedBy!.ToString());
        Assert.Equal([true, true, false, true, true], dropped.Traces.Select(trace => trace.Holds));
        Assert.DoesNotContain("late", dropped.Tags);
    }

    [Fact]
    public void The_trace_names_what_decided()
    {
        var rules = Parse("(tag equals \"x\" or tag equals \"科技\") and not title contains \"zzz\" then tag \"t\"");
        var steps = Assert.Single(RoutingRules.Apply([rules], new RoutingSubject(AnEntry, ASource), explain: true).Traces).Steps;
        Assert.Equal([("x", false, null), ("科技", true, "科技"), ("zzz", false, null)], steps.Select(step => (step.Comparison.Text, step.Holds, step.Value)));
        Assert.Empty(RoutingRules.Apply([rules], new RoutingSubject(AnEntry, ASource)).Traces);
    }

    // What takes a backtracking engine longer than the universe has existed.
    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+$")]
    [InlineData("(.*a){20}$")]
    [InlineData("^([a-zA-Z]+)*$")]
    [InlineData("^(a|a?)+$")]
    public void No_pattern_makes_an_entry_slow(string pattern)
    {
        var entry = AnEntry with { Content = "<p>" + new string('a', RoutingRules.MaxInputLength - 1) + "!</p>" };
        var started = Stopwatch.GetTimestamp();
        if (RoutingRules.TryParse($"content matches \"{pattern}\" then drop", out var rules, out var problem))
            Assert.Null(RoutingRules.Apply([rules], new RoutingSubject(entry, ASource)).DroppedBy);
        else
            Assert.Equal(RoutingProblemKind.Pattern, problem.Kind);
        // Not a measurement: the difference is between milliseconds and for ever.
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_is_printed_reads_as_the_same()
    {
        var checks = Prop.ForAll(Rules(), rule =>
        {
            var parsed = RoutingRules.TryParse(rule.ToString(), out var rules, out _);
            return parsed && rules!.Rules.Count == 1 && rules.Rules[0].Equals(rule) && rules.ToString() == rule.ToString();
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), checks);
    }

    [Fact]
    public void Nothing_that_is_written_makes_the_parser_throw()
    {
        string[] pieces = ["title", "content", "contains", "matches", "equals", "and", "or", "not", "then", "drop", "tag", "category", "\"", "\"x\"", "\\", "(", ")", " ", "\n", "#", "(a+)+", "[", "\u0000", "\ud800", "广告", "\u2028"];
        var text = Gen.ArrayOf(Gen.OneOf(Gen.Elements(pieces), ArbMap.Default.GeneratorFor<string>().Select(random => random ?? ""))).Select(words => string.Join(' ', words));
        var checks = Prop.ForAll(Arb.From(text), written =>
        {
            var parsed = RoutingRules.TryParse(written, out var rules, out var problem);
            return parsed ? rules is not null : problem is { Line: > 0, Column: > 0 } && problem.ToString().Length > 0;
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(5000), checks);
    }

    private static Arbitrary<RoutingRule> Rules()
    {
        var texts = Gen.OneOf(
            Gen.Elements("x", "广告", "a \"quoted\" \\ text", "\\", "\"", "\\\"", " then drop ", "(", "\\d+", "😀"),
            ArbMap.Default.GeneratorFor<NonEmptyString>().Select(text => text.Get.Replace("\n", " ", StringComparison.Ordinal)).Where(text => text.Length <= RoutingRules.MaxTextLength));
        var comparisons =
            from field in Gen.Elements(Enum.GetValues<RoutingField>())
            from operation in Gen.Elements(RoutingOperator.Contains, RoutingOperator.EqualTo)
            from text in texts
            select (RoutingCondition)new RoutingCondition.Comparison(field, operation, text);
        var patterns =
            from field in Gen.Elements(Enum.GetValues<RoutingField>())
            from text in Gen.Elements("^a", "\\d\\\\", "\"+", "[一-龥]{2}")
            select (RoutingCondition)new RoutingCondition.Comparison(field, RoutingOperator.Matches, text);
        var leaves = Gen.OneOf(comparisons, patterns);
        var actions = Gen.OneOf(
            Gen.Constant((RoutingAction)new RoutingAction.Drop()),
            Gen.Elements("a", "tech-2").Select(slug => (RoutingAction)new RoutingAction.IntoCategory(slug)),
            texts.Where(text => text.Length <= RoutingRules.MaxTagLength).Select(tag => (RoutingAction)new RoutingAction.AddTag(tag)));
        return Arb.From(
            from condition in Conditions(leaves, 4)
            from action in actions
            select new RoutingRule(condition, action));
    }

    private static Gen<RoutingCondition> Conditions(Gen<RoutingCondition> leaves, int depth)
    {
        if (depth == 0) return leaves;
        var inner = Conditions(leaves, depth - 1);
        return Gen.OneOf(
            leaves,
            inner.Select(condition => (RoutingCondition)new RoutingCondition.Negation(condition)),
            from left in inner from right in inner select (RoutingCondition)new RoutingCondition.Both(left, right),
            from left in inner from right in inner select (RoutingCondition)new RoutingCondition.Either(left, right));
    }

    private static RoutingRules Parse(string text) => RoutingRules.TryParse(text, out var rules, out var problem) ? rules : throw new InvalidOperationException(problem.ToString());

    private static RoutingProblemKind ProblemOf(string text) => RoutingRules.TryParse(text, out _, out var problem) ? throw new InvalidOperationException(text) : problem.Kind;
}
