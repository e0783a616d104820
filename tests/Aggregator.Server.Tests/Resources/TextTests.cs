using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Resources;
using Aggregator.Server.Sources;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Resources;

public sealed partial class TextTests
{
    private static readonly MemberInfo[] Members =
    [
        .. typeof(Text).GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly),
        .. typeof(Text).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName && method.Name != nameof(Text.Of)),
    ];

    public static TheoryData<string> Languages => new(SiteLanguage.All.Select(language => language.Code));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_word_exists_in_every_language_and_no_word_is_left_over(string language)
    {
        var words = Words(language);
        Assert.Equal(Members.Select(member => member.Name).Order(StringComparer.Ordinal), words.Keys.Order(StringComparer.Ordinal));
        Assert.All(words, word => Assert.False(string.IsNullOrWhiteSpace(word.Value), word.Key));
        Assert.All(Members, member => Assert.Equal(member is MethodInfo, words[member.Name].Contains("{0}", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Languages))]
    public void The_program_finds_every_word(string language)
    {
        var text = Text.In(SiteLanguage.Find(language)!);
        var words = Words(language);
        foreach (var member in Members)
            Assert.Equal(
                words[member.Name].Replace("{0}", "7", StringComparison.Ordinal).Replace("{1}", "7", StringComparison.Ordinal).Replace("{2}", "7", StringComparison.Ordinal),
                member switch
                {
                    PropertyInfo property => property.GetValue(text),
                    MethodInfo method => method.Invoke(text, [.. method.GetParameters().Select(parameter => Convert.ChangeType(7, parameter.ParameterType, CultureInfo.InvariantCulture))]),
                    _ => null,
                });
    }

    [Fact]
    public void No_English_word_was_left_in_Chinese() =>
        Assert.All(Words("en"), word => Assert.DoesNotContain(word.Value, letter => letter is (>= '\u2E80' and <= '\u9FFF') or (>= '\uFF00' and <= '\uFFEF')));

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_problem_with_an_account_has_a_sentence(string language)
    {
        var text = Text.In(SiteLanguage.Find(language)!);
        var sentences = Enum.GetValues<AccountProblem>().Select(text.Of).ToList();
        Assert.Equal(sentences.Count, sentences.Distinct().Count());
    }

    /// <summary>The deeds are read from the program's own text, so that a new one cannot go without words.</summary>
    [Fact]
    public void Every_deed_that_is_put_on_record_has_words()
    {
        var named = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Aggregator.Server"), "*.cs", SearchOption.AllDirectories)
            .Select(File.ReadAllText).Where(text => text.Contains("RecordAsync(", StringComparison.Ordinal))
            .SelectMany(text => Deed().Matches(text).Select(match => match.Groups[1].Value));
        var deeds = named.Concat(Enum.GetNames<SourceAction>().Select(action => "source." + action.ToLowerInvariant()))
            .Concat(["story.split", "story.join", "takedown.approve", "takedown.refuse", "takedown.undo"]).Distinct().ToList();
        Assert.True(deeds.Count > 30, string.Join(' ', deeds));
        var text = Text.In(SiteLanguage.Find("zh")!);
        Assert.All(deeds, deed => Assert.DoesNotContain(text.Of(new AuditedChange { Actor = "", Action = deed, Subject = "" }), char.IsAsciiLetterLower));
    }

    [GeneratedRegex("\"((?:account|backup|category|hub|key|opml|rules|session|source|story|takedown)\\.[a-z]+(?:-[a-z]+)*)\"")]
    private static partial Regex Deed();

    [Theory]
    [MemberData(nameof(Languages))]
    public void Every_reason_of_the_schedule_has_a_sentence(string language)
    {
        var text = Text.In(SiteLanguage.Find(language)!);
        var reasons = Enum.GetValues<ScheduleReasonKind>().Select(kind => new ScheduleReason(kind, TimeSpan.FromMinutes(30), TimeSpan.FromDays(3), 5)).ToList();
        Assert.Equal(reasons.Count, reasons.Select(text.Of).Distinct().Count());
        Assert.All(reasons, reason => Assert.Equal(text.Of(reason), text.Of(reason.ToString())));
        Assert.Equal("a sentence of an older version", text.Of("a sentence of an older version"));
        Assert.Null(text.Of((string?)null));
    }

    [Fact]
    public void Says_why_a_source_is_due_in_both_languages()
    {
        var reason = new ScheduleReason(ScheduleReasonKind.Rhythm, TimeSpan.FromMinutes(45), TimeSpan.FromHours(3)).ToString();
        Assert.Equal("About 45 minutes later: at this time of the week it posts about every 3 hours.", Text.In(SiteLanguage.Find("en")!).Of(reason));
        Assert.Equal("约 45 分钟后：每周的这个时段，它大约每 3 小时更新一次。", Text.In(SiteLanguage.Find("zh")!).Of(reason));
    }

    private static Dictionary<string, string> Words(string language) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", "Aggregator.Server", "Resources", $"Text.{language}.resx"))
            .Descendants("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);
}
