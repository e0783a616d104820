using Aggregator.Core.Normalizing;
using Aggregator.Core.Tests.Parsing;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Aggregator.Core.Tests.Normalizing;

/// <summary>
/// Markup made to get something past the sanitiser, above all by being read differently the second time (mutation XSS): what
/// comes out is read by another parser, and sanitising it again must change nothing.
/// </summary>
public sealed class ContentSanitizerAttackTests
{
    private static readonly Uri Base = new("https://example.org/a/b.html");

    private static readonly ContentSanitizer Sanitizer = new();

    private static readonly string Long = new('a', 70_000);

    public static TheoryData<string> Attacks =>
    [
        // Text that another parser reads as markup, or the other way round.
        "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
        "<noscript><style></noscript><img src=x onerror=alert(1)>",
        "<style><!--</style><img src=x onerror=alert(1)>",
        "<style><style /><img src=x onerror=alert(1)>",
        "<title><a title=\"</title><img src=x onerror=alert(1)>\">",
        "<textarea><a title=\"</textarea><img src=x onerror=alert(1)>\">",
        "<xmp><p title=\"</xmp><img src=x onerror=alert(1)>\">",
        "<noembed><p title=\"</noembed><script>alert(1)</script>\">",
        "<noframes><p title=\"</noframes><script>alert(1)</script>\">",
        "<iframe><p title=\"</iframe><img src=x onerror=alert(1)>\">",
        "<plaintext></plaintext><img src=x onerror=alert(1)>",
        "<template><script>alert(1)</script></template><template><img src=x onerror=alert(1)>",
        "<select><template><style><!--</style><a rel=\"--></style></template></select><img id=x src=x onerror=alert(1)>\">",
        "<script><!--<script></script><img src=x onerror=alert(1)>--></script>",
        "<script>/*</script><img src=x onerror=alert(1)>*/</script>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<<script>alert(1)//<</script>",
        "<script/x>alert(1)</script>",
        "</script><img src=x onerror=alert(1)>",
        // Foreign content.
        "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\">",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<svg><title><style><!--</style></title><img src=x onerror=alert(1)>--></svg>",
        "<svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
        "<svg><foreignObject><iframe src=javascript:alert(1)></foreignObject></svg>",
        "<svg/><script>alert(1)</script>",
        "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
        "<svg><a xlink:href=\"javascript:alert(1)\"><text>x</text></a></svg><a href=1>y",
        "<svg><use href=\"data:image/svg+xml,<svg id='x' xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>#x\"/></svg>",
        "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
        "<math><mtext><table><mglyph><style><math><table id=\"</table>\"><img src onerror=alert(1)\">",
        "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img onerror=alert(1) src>\">",
        "<math><annotation-xml encoding=\"text/html\"><script>alert(1)</script></annotation-xml></math>",
        "<math href=\"javascript:alert(1)\">x</math><maction actiontype=statusline#http://x xlink:href=javascript:alert(1)>y",
        // Comments.
        "<!--><img src=x onerror=alert(1)>-->",
        "<!---><img src=x onerror=alert(1)>-->",
        "<!-- --!><img src=x onerror=alert(1)>-->",
        "<!--<img src=\"--><img src=x onerror=alert(1)//\">",
        "<!-- unclosed <img src=x onerror=alert(1)>",
        "<!-x><img src=x onerror=alert(1)>-->",
        "<!><img src=x onerror=alert(1)>",
        "<?xml version=\"1.0\"?><img src=x onerror=alert(1)>?>",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<![CDATA[<![CDATA[]]><script>alert(1)</script>]]>",
        // Found by the test below: a link in a link.
        "<a href=x><![CDATA[<a href=y>x</a><svg><desc><![CDATA[</desc><script>alert(1)</script>]]></svg>",
        "<![CDATA[<a title=\"]]>\" onclick=alert(1)>]]>",
        "<![if !IE]><script>alert(1)</script><![endif]>",
        "<%<!--'%><script>alert(1);</script -->",
        "</ <img src=x onerror=alert(1)>",
        "</%0a<img src=x onerror=alert(1)>",
        // Attributes.
        "<img src=x onerror=alert(1)",
        "<img src=x/onerror=alert(1)>",
        "<img/src=x/onerror=alert(1)//>",
        "<img \"\"\"><script>alert(1)</script>\">",
        "<img src=\"x\"onerror=\"alert(1)\">",
        "<img src=`x`onerror=alert(1)>",
        "<img title=`><img src=x onerror=alert(1)>`>",
        "<p title='\"><img src=x onerror=alert(1)>'>",
        "<p title=&quot;&gt;&lt;img&#32;src=x&#32;onerror=alert(1)&gt;>",
        "<p title=a&#34;onclick=alert(1)&#32;x>",
        "<a href=x href=javascript:alert(1)>x</a>",
        "<a href=javascript:alert(1) href=x>x</a>",
        "<a =\"x\" href=\"javascript:alert(1)\">x</a>",
        "<a/=/href=\"//evil.example\"onmouseover=alert(1)>x</a>",
        "<img src='a' \0onerror=alert(1)>",
        "<img src='a' on\0error=alert(1)>",
        "<im\0g src=x onerror=alert(1)>",
        "<s\0cript>alert(1)</s\0cript>",
        "<img src='a'\u000Bonerror=alert(1)>",
        "<img src='a'\u00A0onerror=alert(1)>",
        "<img\u00A0src=x onerror=alert(1)>",
        "<p style=\"background:url(javascript:alert(1))\" class=x id=body name=forms>x</p>",
        "<p lang='\"><script>alert(1)</script>' dir='rtl\"onclick=alert(1)'>x</p>",
        "<td colspan='1\"onclick=\"alert(1)' background=javascript:alert(1)>x",
        "<img width='1\" onerror=alert(1)' height=\"2px;x\" src=x>",
        "<ol start='\"><img src=x onerror=alert(1)>'><li>x",
        "<time datetime=\"&quot; onclick=&quot;alert(1)\">x</time>",
        // Schemes.
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"JAVASCRIPT&colon;alert(1)\">x</a>",
        "<a href=\"java&Tab;script&NewLine;:alert(1)\">x</a>",
        "<a href=\"&#1;javascript:alert(1)\">x</a>",
        "<a href=\"\u0001\u0002javascript:alert(1)\">x</a>",
        "<a href=\"\u00A0javascript:alert(1)\">x</a>",
        "<a href=\"\u2028javascript:alert(1)\">x</a>",
        "<a href=\"java\0script:alert(1)\">x</a>",
        "<a href=\"j&#97;vascript&#58;alert(1)\">x</a>",
        "<a href=\"&amp;#106;avascript:alert(1)\">x</a>",
        "<a href=\"&#x6A&#x61&#x76&#x61&#x73&#x63&#x72&#x69&#x70&#x74&#x3A;alert(1)\">x</a>",
        "<a href=\"&#0000106&#0000097vascript:alert(1)\">x</a>",
        "<a href=\"data:text/html;base64,PHNjcmlwdD4=\">x</a><a href=\"vbscript:x\">x</a><a href=\"livescript:x\">x</a><a href=\"blob:https://x/1\">x</a><a href=\"file:///etc/passwd\">x</a>",
        "<a href=\"view-source:javascript:alert(1)\">x</a><a href=\"feed:javascript:alert(1)\">x</a><a href=\"jar:javascript:alert(1)!/\">x</a>",
        "<a href=\"http:javascript:alert(1)\">x</a><a href=\"https:///x\">x</a><a href=\"http://\">x</a>",
        "<a href=\"https:\\\\evil.example\\x\">x</a><a href=\"/\\evil.example\">x</a><a href=\"https://good.example\\@evil.example/\">x</a>",
        "<a href=\"mailto:a@example.org?body=x&#10;Bcc:b@example.org\">x</a><a href=\"mailto:a\"onclick=alert(1)\">x</a>",
        "<img src=\"javascript:alert(1)\"><img src=\"data:image/svg+xml,<svg onload=alert(1)>\"><img lowsrc=javascript:alert(1) dynsrc=x>",
        "<img srcset=\"javascript:alert(1) 1x, data:text/html,x 2x, /a.png 3x\"><source srcset=\"/b.png 1x,javascript:alert(1)\">",
        "<img srcset=\"/a.png 1x\" onerror=alert(1), /b.png>",
        "<img srcset='/a\" onerror=\"alert(1) 1x'>",
        "<img data-src='javascript:alert(1)' data-srcset='javascript:alert(1) 1x'>",
        "<img src=x data-src='x\" onerror=\"alert(1)'>",
        "<video poster=javascript:alert(1) src=data:text/html,x onloadstart=alert(1)><source onerror=alert(1) src=x></video>",
        "<audio src=x onerror=alert(1)><track src=javascript:alert(1) onload=alert(1) default></audio>",
        "<blockquote cite=\"javascript:alert(1)\">x</blockquote><q cite=\"data:x\">x</q><del cite=\"vbscript:x\">x</del>",
        // Elements that act on the page.
        "<base href=\"https://evil.example/\"><a href=\"x\">x</a>",
        "<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\"><meta charset=utf-7>+ADw-script+AD4-",
        "<link rel=stylesheet href=https://evil.example/x.css><link rel=import href=x>",
        "<form action=https://evil.example><input name=a><button formaction=javascript:alert(1)>x</button><isindex action=javascript:alert(1)></form>",
        "<object data=javascript:alert(1)><param name=x value=y><embed src=javascript:alert(1)></object>",
        "<applet code=x></applet><layer src=x></layer><ilayer src=x></ilayer><bgsound src=javascript:alert(1)>",
        "<frameset onload=alert(1)><frame src=javascript:alert(1)></frameset>",
        "<body onload=alert(1)><html onclick=alert(1)><head><script>alert(1)</script></head>",
        "<dialog open onclose=alert(1)><form method=dialog><button>x</button></form></dialog>",
        "<details open ontoggle=alert(1)><summary onclick=alert(1)>x</summary></details>",
        "<marquee onstart=alert(1) behavior=alternate>x</marquee><keygen onfocus=alert(1) autofocus><blink onclick=alert(1)>x",
        "<x onclick=alert(1) is=\"y\">x</x><custom-element onfoo=alert(1)>x</custom-element><a:script xmlns:a=\"http://www.w3.org/1999/xhtml\">alert(1)</a:script>",
        "<slot name=x></slot><portal src=javascript:alert(1)></portal><fencedframe></fencedframe><menu type=context><menuitem onclick=alert(1)></menu>",
        "<image src=x onerror=alert(1)><image/src=x>",
        // Nesting that the parser rearranges.
        "<table><td><div><table><p><style><a title=\"</style><img src onerror=alert(1)>\">",
        "<table><tr><td><svg><desc><table><td></desc><img src=x onerror=alert(1)></svg></table>",
        "<a><table><a href=x>y</table></a><b><p><i></b>x</p></i>",
        "<p><table><form><table><input onfocus=alert(1) autofocus>",
        "</div></div></div></body></html><p>x<script>alert(1)</script>",
        "<b><i><u><p></b></i></u><div></p>x</div>",
        "<dl><dd><dt><ul><li></dl></ul>x",
        "<ruby><rt><rp><rb><rtc>x</ruby></rt>",
        "<h1><h2>x</h1></h2><button><button>x</button></button>",
        "<caption><col><tr><td><tbody><thead>x",
        "<audio><video><audio><source></video><track></audio>x",
        "<picture><img src=x><p>y</picture><source srcset=/z>",
        "<" + Long + " onclick=alert(1)>x</" + Long + ">",
        "<p " + Long + "=1 onclick=alert(1) title='" + Long + "'>x</p>",
        "<a href=\"https://example.org/" + Long + "\">x</a>",
        "&lt;script&gt;alert(1)&lt;/script&gt; &amp;lt;script&amp;gt; &#60;script&#62; &LT;script&GT; &lt",
        "<p>&#x0;&#xFFFE;&#xD800;&#x80;&#13;&#x1F600; &nosuch; &notin &notit;</p>",
        "\uFEFF<p>\uFFFE\uFFFFx\uD800</p>",
    ];

    [Theory]
    [MemberData(nameof(Attacks))]
    public void Leaves_nothing_that_acts_and_nothing_to_change(string html)
    {
        var once = Sanitizer.Sanitize(html, Base);
        SafeMarkup.Assert(once, html.Length > 200 ? html[..200] : html);
        Assert.Equal(once, Sanitizer.Sanitize(once, Base));
        // A browser that writes out what it read gives what is safe still.
        var rewritten = new AngleSharp.Html.Parser.HtmlParser().ParseDocument("<body>" + once).Body!.InnerHtml;
        SafeMarkup.Assert(Sanitizer.Sanitize(rewritten, Base), html.Length > 200 ? html[..200] : html);
        SafeMarkup.Assert(rewritten, html.Length > 200 ? html[..200] : html);
    }

    [Fact]
    public void The_judge_condemns_what_has_not_passed_the_sanitiser()
    {
        var condemned = Attacks.Count(static row => Record.Exception(() => SafeMarkup.Assert(row.Data, "raw")) is not null);
        Assert.True(condemned > Attacks.Count * 0.85, $"{condemned} of {Attacks.Count}");
        SafeMarkup.Assert("<p title=\"a\">b <a href=\"https://example.org/\">c</a></p>", "harmless");
    }

    /// <summary><c>AGGREGATOR_FUZZ_COUNT</c> says how many (2000 by default), <c>AGGREGATOR_FUZZ_SEED</c> which.</summary>
    [Fact]
    public void Leaves_nothing_that_acts_of_attacks_put_together_at_random()
    {
        string[] whole = [.. Attacks.Select(static row => row.Data).Where(static attack => attack.Length < 1_000)];
        string[] pieces =
        [
            "<", ">", "</", "/>", "\"", "'", "`", "=", " ", "\n", "\0", "&", "&lt;", "&quot;", "&#", ";", "-->", "--!>", "<!--", "<![CDATA[", "]]>", "<?", "<!", "x", "中", "\u00A0", "\u000C",
            "<p>", "</p>", "<b>", "</b>", "<i>", "<a href=x>", "</a>", "<table>", "<tr>", "<td>", "</td>", "</table>", "<svg>", "</svg>", "<math>", "<mtext>", "<mglyph>", "<style>", "</style>", "<title>", "</title>",
            "<script>", "</script>", "<noscript>", "</noscript>", "<textarea>", "</textarea>", "<select>", "<option>", "<template>", "</template>", "<img src=x onerror=alert(1)>", "onerror=alert(1)", " title=\"", "href=javascript:alert(1)",
            "<iframe>", "</iframe>", "<plaintext>", "<form>", "<ul>", "<li>", "<dl>", "<dt>", "<h1>", "</h1>", "<div>", "</div>", "<br>", "</br>", "<ruby>", "<rt>", "<details>", "<video>", "<source src=x>", "<picture>", "<button>", "</button>", "<object>", "<caption>", "<col>", "<pre>\n", "<xmp>", "</xmp>",
        ];
        var piece = Gen.Frequency((6, Gen.Elements(pieces)), (1, Gen.Elements(whole)), (1, from attack in Gen.Elements(whole) from at in Gen.Choose(0, 200) select attack[..Math.Min(at, attack.Length)]));
        var markup = Gen.Choose(1, 25).SelectMany(count => Gen.ListOf(piece, count)).Select(static parts => parts.ToArray());
        var arbitrary = Arb.From(markup, static parts => Enumerable.Range(0, parts.Length).Select(left => parts.Where((_, at) => at != left).ToArray()));
        var config = Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(ParserFuzzTests.Number("AGGREGATOR_FUZZ_COUNT", 2_000))
            .WithReplay((ulong)ParserFuzzTests.Number("AGGREGATOR_FUZZ_SEED", 20260905), 1);
        Prop.ForAll(arbitrary, static parts =>
        {
            var html = string.Concat(parts);
            var once = Sanitizer.Sanitize(html, Base);
            SafeMarkup.Assert(once, html);
            if (Sanitizer.Sanitize(once, Base) is var twice && twice != once) throw new InvalidOperationException($"Sanitised twice it is {twice}, not {once}, of {html}.");
        }).Check(config);
    }
}
