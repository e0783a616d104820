using System.Collections.Frozen;

namespace Aggregator.Core.Normalizing;

/// <summary>The elements of HTML, for telling markup from text that happens to hold a &lt;.</summary>
internal static class HtmlNames
{
    private static readonly FrozenSet<string> Inline = Set(
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span strike strong sub sup time tt u var wbr");

    private static readonly FrozenSet<string> Others = Set(
        "address applet area article aside audio base blockquote body br button canvas caption center col colgroup dd details dialog dir div dl dt embed fieldset figcaption "
        + "figure footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input legend li link main map marquee math menu meta nav noscript "
        + "object ol optgroup option output p param picture plaintext pre progress script section select source style summary svg table tbody td template textarea tfoot th thead title tr track ul video xmp");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> InlineLookup = Inline.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> OthersLookup = Others.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether HTML has such an element.</summary>
    internal static bool IsElement(ReadOnlySpan<char> name) => InlineLookup.Contains(name) || OthersLookup.Contains(name);

    /// <summary>Whether it stands inside a line, so that words around its tags are not apart.</summary>
    internal static bool IsInline(ReadOnlySpan<char> name) => InlineLookup.Contains(name);

    private static FrozenSet<string> Set(string names) => names.Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
