using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Tests.Parsing;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Core.Tests.Normalizing;

public sealed class ContentSanitizerTests
{
    private static readonly Uri Base = new("https://example.org/a/b.html");

    private static readonly ContentSanitizer Sanitizer = new();

    [Fact]
    public void Reads_many_comments_in_time_that_grows_with_them()
    {
        // Each comment ends at "--!>": a search for "-->" from each of them to the end of the text took minutes.
        var html = "<p>kept</p>" + string.Concat(Enumerable.Repeat("<!--a--!>", 400_000));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("<p>kept</p>", new ContentSanitizer().Sanitize(html, null));
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), $"It took {clock.Elapsed}.");
    }

    [Theory]
    [InlineData("<p>a <b>b</b></p>", "<p>a <b>b</b></p>")]
    [InlineData("a<script>alert(1)</script>b", "ab")]
    [InlineData("a<SCRIPT SRC=//evil>x</SCRIPT foo>b", "ab")]
    [InlineData("a<script>x", "a")]
    [InlineData("<style>p{}</style>a", "a")]
    [InlineData("<iframe src=x><p>x</p></iframe>a", "a")]
    [InlineData("<p onclick=x onMouseOver='y' style='position:fixed' class=c id=i name=n>a</p>", "<p>a</p>")]
    [InlineData("<a href='javascript:alert(1)'>a</a>", "a")]
    [InlineData("<a href=' &#106;ava&#x0A;script:alert(1)'>a</a>", "a")]
    [InlineData("<a href='JaVaScRiPt&colon;alert(1)'>a</a>", "a")]
    [InlineData("<a href='data:text/html,x'>a</a>", "a")]
    [InlineData("<a href='vbscript:x'>a</a>", "a")]
    [InlineData("<a href='\\\\evil.example/x'>a</a>", "a")]
    [InlineData("<a href='../c?utm_source=x&amp;id=1'>a</a>", "<a href=\"https://example.org/c?id=1\">a</a>")]
    [InlineData("<a href='#top'>a</a>", "a")]
    [InlineData("<a href='mailto:ann@example.org'>a</a>", "<a href=\"mailto:ann@example.org\">a</a>")]
    [InlineData("<a href='https://user:secret@example.org/'>a</a>", "<a href=\"https://example.org/\">a</a>")]
    [InlineData("<img src='x.png' onerror=alert(1) alt='a\"b'>", "<img src=\"https://example.org/a/x.png\" alt=\"a&quot;b\">")]
    [InlineData("<img src='https://t.example/p.gif' width=1 height=1>a", "a")]
    [InlineData("<img src='data:image/gif;base64,R0lGOD' data-src='/real.jpg'>", "<img src=\"https://example.org/real.jpg\">")]
    [InlineData("<img srcset='/1.jpg 1x, javascript:x 2x, /2.jpg 640w'>", "<img srcset=\"https://example.org/1.jpg 1x, https://example.org/2.jpg 640w\">")]
    [InlineData("<picture><source srcset='/1.webp' type='image/webp'><img src=/1.jpg></picture>", "<picture><source srcset=\"https://example.org/1.webp\" type=\"image/webp\"><img src=\"https://example.org/1.jpg\"></picture>")]
    [InlineData("<video src=/v.mp4 autoplay poster=/p.jpg></video>", "<video src=\"https://example.org/v.mp4\" poster=\"https://example.org/p.jpg\" controls=\"\"></video>")]
    [InlineData("<form action=//evil><input name=p><button>x</button><textarea>t</textarea>a</form>", "a")]
    [InlineData("<svg><script>x</script><a xlink:href='javascript:x'><text>t</text></a></svg>a", "a")]
    [InlineData("<math><mi xlink:href='javascript:x'>t</mi></math>a", "a")]
    [InlineData("<base href=//evil/><meta http-equiv=refresh content=0><link rel=stylesheet href=x>a", "a")]
    [InlineData("<object data=x><embed src=y></object>a", "a")]
    [InlineData("<template><p>x</p></template>a", "a")]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>a", "<p title=\"&lt;/noscript&gt;&lt;img src=x onerror=alert(1)&gt;\">a</p>")]
    [InlineData("a<!-- <p>x --> b<!-->c", "a bc")]
    [InlineData("<![CDATA[<b>x</b>]]>", "<b>x</b>")]
    [InlineData("<![CDATA[<b>x]]>y</b>z", "<b>xy</b>z")]
    [InlineData("<![CDATA[a > b]]c]]>d", "a &gt; b]]cd")]
    [InlineData("<a href=/x>1<![CDATA[<a href=/y>2</a>]]>3</a>", "<a href=\"https://example.org/x\">1</a><a href=\"https://example.org/y\">2</a>3")]
    [InlineData("<p>a<p>b", "<p>a</p><p>b</p>")]
    [InlineData("<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>")]
    [InlineData("<table><tr><td>a<td>b<tr><td>c</table>", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>")]
    [InlineData("<b><i>x</b></i>y", "<b><i>x</i></b>y")]
    [InlineData("</div></p>a", "a")]
    [InlineData("<b>unclosed", "<b>unclosed</b>")]
    [InlineData("1 < 2 & 3 > 2 &amp; &copy; &copy", "1 &lt; 2 &amp; 3 &gt; 2 &amp; &copy; &amp;copy")]
    [InlineData("<p", "")]
    [InlineData("a<", "a&lt;")]
    [InlineData("<a href=\"x", "")]
    [InlineData("<p lang=zh_cn dir=RTL>a</p>", "<p lang=\"zh-CN\" dir=\"rtl\">a</p>")]
    [InlineData("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>")]
    [InlineData("<font color=red>a</font><custom-tag>b</custom-tag>", "ab")]
    [InlineData("a\u0000b\u0007c\u0085d", "abcd")]
    [InlineData("<img src=/x alt='&#x9C;&#0;&#xD800;&hearts;'>", "<img src=\"https://example.org/x\" alt=\"œ♥\">")]
    public void Leaves_what_makes_an_article_and_nothing_that_acts(string html, string expected) =>
        Assert.Equal(expected, Sanitizer.Sanitize(html, Base));

    [Fact]
    public void Drops_half_a_surrogate_pair_and_keeps_a_whole_one() => Assert.Equal("a😀b", Sanitizer.Sanitize("a😀\uD800b\uDC00", Base));

    [Fact]
    public void Removes_relative_addresses_without_a_base() => Assert.Equal("a", Sanitizer.Sanitize("<a href='/x'>a</a><img src=y>"));

    [Fact]
    public void Lets_nothing_survive_that_the_cases_of_feedparser_remove_for_safety()
    {
        Corpus.SkipUnlessPresent();
        var cases = 0;
        foreach (var line in Corpus.Lines("sanitize.jsonl"))
        {
            cases++;
            SafeMarkup.Assert(Sanitizer.Sanitize(line.GetProperty("input_html").GetString()!, Base), line.GetProperty("file").GetString()!);
        }

        Assert.Equal(434, cases);
    }

    [Fact]
    public void Writes_only_what_a_browser_reads_as_our_list_over_the_whole_corpus()
    {
        Corpus.SkipUnlessPresent();
        var bodies = 0;
        foreach (var expectation in Corpus.Lines("expect.jsonl"))
        {
            if (Corpus.Parse(expectation) is not ParseResult.Parsed { Feed: var feed }) continue;
            foreach (var entry in feed.Entries.Take(20))
                foreach (var text in (ParsedText?[])[entry.Content, entry.Summary, entry.Title])
                    if (text?.Value.Contains('<', StringComparison.Ordinal) == true)
                    {
                        bodies++;
                        var once = Sanitizer.Sanitize(text.Value, Base);
                        SafeMarkup.Assert(once, expectation.GetProperty("file").GetString()!);
                        // What is safe stays as it is.
                        Assert.Equal(once, Sanitizer.Sanitize(once, Base));
                    }
        }

        Assert.True(bodies > 1_000, $"{bodies} bodies");
    }

    [Fact]
    public void Keeps_the_text_that_a_browser_would_show_as_the_tree_based_sanitiser_does()
    {
        Corpus.SkipUnlessPresent();
        var reference = new Ganss.Xss.HtmlSanitizer { KeepChildNodes = true };
        reference.AllowedTags.Clear();
        foreach (var tag in SafeMarkup.Elements.Except(["html", "head", "body"])) reference.AllowedTags.Add(tag);
        reference.RemovingTag += static (_, e) =>
        {
            if (e.Tag.LocalName is "script" or "style" or "iframe" or "object" or "applet" or "button" or "select" or "textarea" or "title" or "xmp" or "noembed" or "noframes" or "template" or "svg" or "math" or "dialog" or "datalist" or "frameset" or "plaintext")
                e.Tag.InnerHtml = "";
        };
        int same = 0, all = 0;
        foreach (var expectation in Corpus.Lines("expect.jsonl"))
        {
            if (!expectation.GetProperty("real").GetBoolean() || Corpus.Parse(expectation) is not ParseResult.Parsed { Feed: var feed }) continue;
            foreach (var entry in feed.Entries.Take(10))
                if ((entry.Content ?? entry.Summary)?.Value is { } html && html.Contains('<', StringComparison.Ordinal))
                {
                    all++;
                    if (VisibleText(Sanitizer.Sanitize(html, Base)) == VisibleText(reference.Sanitize(html))) same++;
                }
        }

        Assert.True(same >= all * 0.995, $"{same} of {all} texts are the same");
    }

    private static string VisibleText(string html) =>
        string.Concat(new HtmlParser().ParseDocument("<body>" + html).Body!.TextContent.Where(static c => !char.IsWhiteSpace(c) && !char.IsControl(c)));
}
