using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>
/// Finds the next page of an article on several. <c>rel=next</c> and 下一页 also lead to the next article, so that an address
/// counts only when it is that of this page with the next number in it.
/// </summary>
internal static partial class NextPageLink
{
    internal static Uri? Find(IDocument document, Uri page)
    {
        var (stem, number) = Numbered(page);
        Uri? next = null;
        // A page further on links back; an article whose number is taken for a page's does not.
        var isOne = number == 1;
        foreach (var link in document.QuerySelectorAll("a[href], link[rel~=next][href], [rel~=next][href]").Take(5_000))
        {
            if (link.GetAttribute("href") is not { Length: > 0 and <= 2_048 } written || written[0] == '#') continue;
            if (!Uri.TryCreate(page, written.Trim(), out var address) || address.Scheme != page.Scheme || address.Authority != page.Authority) continue;
            var (otherStem, otherNumber) = Numbered(address);
            if (!otherStem.Equals(stem, StringComparison.Ordinal)) continue;
            isOne |= otherNumber == 1 || otherNumber == number - 1;
            if (otherNumber != number + 1) continue;
            var text = PageLines.Collapse(link.TextContent);
            if (IsPageWord(text, otherNumber) || link.GetAttribute("rel") is { } rel && rel.Contains("next", StringComparison.OrdinalIgnoreCase) || link.QuerySelector("img[src*=next i]") is not null)
                next ??= WithoutFragment(address);
        }

        return isOne ? next : null;
    }

    /// <summary>An address without its page number, and the number: 1 where it has none.</summary>
    internal static (string Stem, int Number) Numbered(Uri url)
    {
        var path = url.AbsolutePath;
        var query = url.Query.TrimStart('?');
        if (QueryNumber().Match(query) is { Success: true } inQuery && Parse(inQuery.Groups["n"]) is { } asked)
            return (url.Authority + path + "?" + query.Remove(inQuery.Index, inQuery.Length).Trim('&'), asked);
        // a_2.html, a-2.html, a_p2.html, a/2, a/page/2/, but neither 2024_05 nor the number of the article.
        if (PathNumber().Match(path) is { Success: true } inPath && Parse(inPath.Groups["n"]) is { } number)
            return (url.Authority + inPath.Groups["s"].Value.TrimEnd('/') + inPath.Groups["e"].Value.TrimEnd('/') + "?" + query, number);
        return (url.Authority + path.TrimEnd('/') + "?" + query, 1);
    }

    private static int? Parse(Group digits) =>
        int.TryParse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 200 ? number : null;

    private static bool IsPageWord(string text, int number) =>
        text.Length <= 20 && (NextWord().IsMatch(text) || text.Trim('【', '】', '[', ']', '(', ')', ' ', '第', '页') == number.ToString(CultureInfo.InvariantCulture));

    private static Uri WithoutFragment(Uri address) => address.Fragment.Length == 0 ? address : new Uri(address.GetLeftPart(UriPartial.Query));

    [GeneratedRegex(@"下一?页|下頁|后页|後頁|余下全文|次へ|次のページ|^next\b|next page|continue|older|^[›»>]{1,2}$", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex NextWord();

    [GeneratedRegex(@"(?:^|&)(?:page|p|pn|pageno|page_no|paged|pageindex)=(?<n>[0-9]{1,3})(?=&|$)", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex QueryNumber();

    [GeneratedRegex(@"^(?<s>.*?[^/])(?:(?:[_-]p?(?:age)?|/page/|/p)(?<n>[0-9]{1,3})(?<e>\.[a-z]{3,5}|/?)|/(?<n>[0-9]{1,3})(?<e>/?))$", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex PathNumber();
}
