using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using X = Xunit.Assert;

namespace Aggregator.Core.Tests.Normalizing;

/// <summary>
/// What sanitised markup may be to a browser: a list of its own, written apart from the sanitiser's, and a parser of its own. The
/// markup is read in every place where ours or a reader's page may put it.
/// </summary>
internal static class SafeMarkup
{
    internal static readonly HashSet<string> Elements = new(
        ("html head body a abbr acronym address article aside audio b bdi bdo big blockquote br caption center cite code col colgroup data dd del details dfn div dl dt em figcaption figure footer "
        + "h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol p picture pre q rp rt ruby s samp section small source span strike strong sub summary sup table tbody td tfoot "
        + "th thead time tr track tt u ul var video wbr").Split(' '), StringComparer.Ordinal);

    private static readonly HashSet<string> Attributes = new(
        ("href src srcset sizes poster cite alt title width height lang dir datetime colspan rowspan headers scope abbr span start reversed value type media controls loop muted kind srclang label "
        + "default align valign open hreflang").Split(' '), StringComparer.Ordinal);

    private static readonly HtmlParser Scripting = new(new HtmlParserOptions { IsScripting = true });

    private static readonly HtmlParser Quiet = new();

    /// <summary>Fails when a browser would find anything in <paramref name="html"/> that acts, loads from no web address, or ends what is around it.</summary>
    internal static void Assert(string html, string what)
    {
        foreach (var parser in (HtmlParser[])[Scripting, Quiet])
        {
            var document = parser.ParseDocument("<!DOCTYPE html><body><div id=\"around\">" + html + "</div><p id=\"after\">");
            var around = document.GetElementById("around")!;
            X.True(around.ParentElement == document.Body && document.GetElementById("after")!.ParentElement == document.Body, $"{what}: it ended what was around it: {html}");
            X.False(document.Descendants<IComment>().Any(), $"{what}: a comment: {html}");
            foreach (var element in around.QuerySelectorAll("*")) Check(element, html, what);
        }
    }

    private static void Check(IElement element, string html, string what)
    {
        X.True(element.NamespaceUri == "http://www.w3.org/1999/xhtml" && Elements.Contains(element.LocalName), $"{what}: <{element.LocalName}>: {html}");
        foreach (var attribute in element.Attributes)
        {
            X.True(Attributes.Contains(attribute.Name), $"{what}: {attribute.Name}: {html}");
            var value = attribute.Value;
            switch (attribute.Name)
            {
                case "href" or "src" or "poster" or "cite":
                    X.True(IsWeb(value) || (attribute.Name == "href" && value.StartsWith("mailto:", StringComparison.Ordinal)), $"{what}: {attribute.Name}={value}");
                    break;
                case "srcset":
                    X.All(value.Split(", "), candidate => X.True(IsWeb(candidate), $"{what}: srcset={value}"));
                    break;
                case "dir":
                    X.True(value is "ltr" or "rtl" or "auto", $"{what}: dir={value}");
                    break;
            }
        }
    }

    // The whole address, as a browser would: no control character or backslash that makes it another host's.
    private static bool IsWeb(string value) =>
        Uri.TryCreate(value.Split(' ')[0], UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
        && !value.Any(static c => c < ' ' || c is '\\' or '<' or '>' or '"');
}
