using System.Text;
using System.Text.RegularExpressions;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Publishing;

/// <summary>The W3C validator's own cases, where the corpus is at hand: for the rules that we claim to know, ours must say what theirs says.</summary>
public sealed partial class FeedValidatorCorpusTests
{
    private static readonly string Corpus = Path.Combine(Repository.Root, "..", "shared", "corpus", "feeds", "feedvalidator");

    private static readonly string[] Claimed =
    [
        "AvoidNamespacePrefix", "ContainsHTML", "ContainsRelRef", "ContainsUndeclaredHTML", "DuplicateAtomLink", "DuplicateElement",
        "DuplicateEnclosure", "DuplicateEntries", "DuplicateItemSemantics", "DuplicateUpdated", "DuplicateValue", "FeedHistoryRelInEntry",
        "ImplausibleDate", "InvalidContact", "InvalidFullLink", "InvalidMIMEAttribute", "InvalidMIMEType", "InvalidNonNegativeInteger",
        "InvalidRFC2822Date", "InvalidRFC3339Date", "InvalidTAG", "InvalidW3CDTFDate", "ItemMustContainTitleOrDescription", "MissingAtomSelfLink",
        "MissingAttribute", "MissingContentOrAlternate", "MissingDescription", "MissingElement", "MissingGuid", "MissingHref", "MissingLink",
        "MissingSelf", "MissingSourceElement", "MissingTextualContent", "MissingTitle", "NeedDescriptionBeforeContent", "NonCanonicalURI",
        "NotBlank", "SAXError", "SecurityRisk", "SelfNotAtom", "UndefinedElement", "UnregisteredAtomLinkRel",
    ];

    /// <summary>Cases of elements that we never write, so that our validator rejects them whole, and two that look at the notation and not the document.</summary>
    private static readonly string[] OutOfScope =
    [
        "atom_4.1.3.2_content-src-type-text", "atom_4.2.2.3_category-label-escaped-html", "atom_4.2.6_id-explicit-authority",
        "atom_6.1_license-feed-invaliduri", "atom_must_unknown_element_in_known_namespace", "atom_should_content_contains_object",
        "rss20_data-types-characterdata_recommendation-3", "rss20_element-channel-cloud", "rss20_element-channel-image",
        "rss20_element-channel-item-description_description_contains_import", "rss20_element-channel-skiphours", "rss20_element-channel-textinput",
        "rss20_element-channel-ttl", "rss_must_atom_link2", "rss_must_invalid_sy_updateBase_blank", "rss_should_duplicate_item_cc_license",
        "rss_should_xhtml_body_contains_meta", "ext_",
    ];

    [Fact]
    public void Agrees_with_the_W3C_validator_on_its_own_cases()
    {
        Assert.SkipUnless(Directory.Exists(Corpus), $"The corpus is not at {Corpus}.");
        var (cases, disagreements) = (0, new List<string>());
        foreach (var file in Directory.EnumerateFiles(Corpus).Order(StringComparer.Ordinal))
        {
            var bytes = File.ReadAllBytes(file);
            var text = Encoding.UTF8.GetString(bytes);
            if (Expectation().Match(text) is not { Success: true } expected || !Root().IsMatch(text)) continue;
            var rule = expected.Groups["rule"].Value;
            if (!Claimed.Contains(rule) || OutOfScope.Any(prefix => Path.GetFileName(file).StartsWith(prefix, StringComparison.Ordinal))) continue;
            cases++;
            var findings = FeedValidator.Validate(bytes, PublicationSamples.Now);
            var found = findings.Any(finding => finding.Rule == rule);
            if (found == (expected.Groups["not"].Length > 0)) disagreements.Add($"{Path.GetFileName(file)}: {expected.Value}, found {string.Join("; ", findings)}");
        }

        Assert.True(cases > 50, $"Only {cases} cases.");
        Assert.True(disagreements.Count == 0, $"{disagreements.Count} of {cases}:\n" + string.Join('\n', disagreements));
    }

    [GeneratedRegex(@"Expect:\s*(?<not>!?)(?<rule>\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex Expectation();

    [GeneratedRegex("<rss[^>]*version=.2\\.0|xmlns(:atom)?=.http://www\\.w3\\.org/2005/Atom.", RegexOptions.NonBacktracking)]
    private static partial Regex Root();
}
