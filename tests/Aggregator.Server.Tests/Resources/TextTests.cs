using System.Globalization;
using System.Reflection;
using System.Xml.Linq;
using Aggregator.Server.Accounts;
using Aggregator.Server.Browse;
using Aggregator.Server.Resources;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Resources;

public sealed class TextTests
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
                words[member.Name].Replace("{0}", "7", StringComparison.Ordinal).Replace("{1}", "7", StringComparison.Ordinal),
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

    private static Dictionary<string, string> Words(string language) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", "Aggregator.Server", "Resources", $"Text.{language}.resx"))
            .Descendants("data")
            .ToDictionary(data => data.Attribute("name")!.Value, data => data.Element("value")!.Value, StringComparer.Ordinal);
}
