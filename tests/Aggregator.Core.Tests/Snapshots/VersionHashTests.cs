using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Snapshots;
using Xunit;

namespace Aggregator.Core.Tests.Snapshots;

/// <summary>What counts as another version of an article, and what is noise.</summary>
public sealed class VersionHashTests
{
    private static readonly ContentSanitizer Sanitizer = new();
    private static readonly Uri Base = new("https://news.example.org/2026/a.html");

    /// <summary>What, the body before, the body after. Everything goes through our sanitiser, as it does on its way into the store.</summary>
    public static TheoryData<string, string, string> Noise => new()
    {
        { "white space between words", "<p>A  b\n c</p>", "<p>A b c</p>" },
        { "white space between blocks", "<p>A</p><p>B</p>", "<p>A</p>\n\n  <p>B</p>\n" },
        { "white space inside a block's ends", "<p> A </p><p>B</p>", "<p>A</p><p>B</p>" },
        { "no-break and thin spaces", "<p>10&nbsp;000 km</p>", "<p>10 000&#8239;km</p>" },
        { "the indentation of Chinese paragraphs", "<p>　　港口新城今起试运行。</p>", "<p>港口新城今起试运行。</p>" },
        { "a formatter's line breaks in Chinese", "<p>港口新城今起试运行。首日靠泊。</p>", "<p>港口新城\n今起试运行。 首日靠泊。</p>" },
        { "spaces between Chinese and Latin", "<p>系统由 Harbour Institute 研发</p>", "<p>系统由Harbour Institute研发</p>" },
        { "zero-width marks and soft hyphens", "<p>Co\u200Bope\u00ADration</p>", "<p>Cooperation</p>" },
        { "references for characters", "<p>caf&eacute; &amp; &#26032;&#38395;</p>", "<p>café &amp; 新闻</p>" },
        { "curly and straight quotes", "<p>“It’s”</p>", "<p>\"It's\"</p>" },
        { "classes, ids and data attributes", "<p class=\"a-81f\" id=\"x1\" data-nonce=\"9f\">A</p>", "<p class=\"a-77c\" id=\"x2\" data-nonce=\"1b\">A</p>" },
        { "styles", "<p style=\"color:red\">A</p>", "<p>A</p>" },
        { "the order of attributes", "<a href=\"/b\" title=\"t\">B</a>", "<a title=\"t\" href=\"/b\">B</a>" },
        { "scripts with nonces", "<p>A</p><script nonce=\"r4nd\">track(1)</script>", "<p>A</p><script nonce=\"0ther\">track(2)</script>" },
        { "comments", "<p>A</p><!-- cached 12:01 -->", "<p>A</p><!-- cached 12:07 -->" },
        { "wrapping elements", "<div><div><p>A</p></div></div>", "<p>A</p>" },
        { "tags of emphasis written otherwise", "<p><b>A</b> <i>b</i></p>", "<p><strong>A</strong> <em>b</em></p>" },
        { "tracking parameters of links", "<a href=\"/b?utm_source=rss&utm_campaign=x&id=3\">B</a>", "<a href=\"/b?id=3\">B</a>" },
        { "click ids", "<a href=\"/b?fbclid=1a2b\">B</a>", "<a href=\"/b?fbclid=9z8y\">B</a>" },
        { "http and https of links", "<a href=\"http://news.example.org/b\">B</a>", "<a href=\"https://news.example.org/b\">B</a>" },
        { "cache busters of pictures", "<img src=\"/i.jpg?v=1\">", "<img src=\"/i.jpg?v=2\">" },
        { "bare numbers behind pictures", "<img src=\"/i.jpg?1700000000\">", "<img src=\"/i.jpg?1700009999\">" },
        { "signed addresses of pictures", "<img src=\"/i.jpg?Expires=1&Signature=ab&x-oss-process=image/resize,w_640\">", "<img src=\"/i.jpg?Expires=2&Signature=cd\">" },
        { "sizes of pictures", "<img src=\"/i.jpg\" width=\"640\" height=\"480\">", "<img src=\"/i.jpg\" width=\"800\" height=\"600\">" },
        { "size parameters of pictures", "<img src=\"/i.jpg?w=640&q=75\">", "<img src=\"/i.jpg?w=1280&q=90\">" },
        { "other sizes to choose from", "<img src=\"/i.jpg\" srcset=\"/i-1.jpg 1x\">", "<img src=\"/i.jpg\" srcset=\"/i-1.jpg 1x, /i-2.jpg 2x\">" },
        { "mirrors of pictures", "<img src=\"https://img1.example.com/i.jpg\">", "<img src=\"https://img3.example.com/i.jpg\">" },
        { "counting pixels", "<p>A</p><img src=\"https://x.example.com/c?r=1\" width=\"1\" height=\"1\">", "<p>A</p>" },
        { "pictures of advertisers", "<p>A</p><img src=\"https://ad.doubleclick.net/x1.gif\">", "<p>A</p><img src=\"https://ad.doubleclick.net/y2.gif\">" },
        { "links of advertisers and their text", "<p>A</p><p><a href=\"https://ads.googleadservices.com/1\">Buy now</a></p>", "<p>A</p><p><a href=\"https://ads.googleadservices.com/2\">Last chance</a></p>" },
        { "a count of comments", "<p>A</p><p>12 comments</p>", "<p>A</p><p>13 comments</p>" },
        { "the first comment", "<p>A</p><p>Leave a comment</p>", "<p>A</p><p>1 comment</p>" },
        { "a linked count of comments", "<p>A</p><p><a href=\"/a#c12\">Comments (12)</a></p>", "<p>A</p><p><a href=\"/a#c15\">Comments (15)</a></p>" },
        { "a Chinese count of comments", "<p>正文</p><p>评论(12)</p>", "<p>正文</p><p>评论(345)</p>" },
        { "Chinese counts of views and likes", "<p>正文</p><div>阅读 1.2万　评论 33　点赞 4</div>", "<p>正文</p><div>阅读 1.3万　评论 41　点赞 9</div>" },
        { "Chinese counts before their noun", "<p>正文</p><div>12条评论 | 3.4万人阅读</div>", "<p>正文</p><div>15条评论 | 3.5万人阅读</div>" },
        { "a count of views behind a colon", "<p>正文</p><p>浏览量：1033次</p>", "<p>正文</p><p>浏览量：2044次</p>" },
        { "views and shares on one line", "<p>A</p><p>1,204 views · 12 shares</p>", "<p>A</p><p>1,310 views · 14 shares</p>" },
    };

    /// <summary>What, the body before, the body after.</summary>
    public static TheoryData<string, string, string> Edits => new()
    {
        { "a word", "<p>Nine hurt</p>", "<p>Ten hurt</p>" },
        { "one Chinese character", "<p>九人受伤</p>", "<p>十人受伤</p>" },
        { "a number in a sentence about comments", "<p>The minister deleted 12 comments from her page.</p>", "<p>The minister deleted 13 comments from her page.</p>" },
        { "a number in a Chinese sentence about comments", "<p>该帖共有12条评论被删除</p>", "<p>该帖共有15条评论被删除</p>" },
        { "joined words", "<p>every day</p>", "<p>everyday</p>" },
        { "case", "<p>may</p>", "<p>May</p>" },
        { "punctuation", "<p>No, more.</p>", "<p>No more.</p>" },
        { "Chinese punctuation", "<p>他说：是。</p>", "<p>他说，是。</p>" },
        { "the order of paragraphs", "<p>A</p><p>B</p>", "<p>B</p><p>A</p>" },
        { "a new paragraph", "<p>A</p>", "<p>A</p><p>Correction: not B.</p>" },
        { "a removed paragraph", "<p>甲</p><p>乙</p>", "<p>甲</p>" },
        { "where a link leads", "<a href=\"/b\">B</a>", "<a href=\"/c\">B</a>" },
        { "a parameter that chooses", "<a href=\"/b?id=3\">B</a>", "<a href=\"/b?id=4\">B</a>" },
        { "a picture", "<img src=\"/i.jpg\">", "<img src=\"/j.jpg\">" },
        { "a picture chosen by a parameter", "<img src=\"/image.php?id=3\">", "<img src=\"/image.php?id=4\">" },
        { "a picture gone", "<p>A</p><img src=\"/i.jpg\">", "<p>A</p>" },
        { "a video", "<video src=\"/a.mp4\"></video>", "<video src=\"/b.mp4\"></video>" },
        { "struck text", "<p>Ten hurt</p>", "<p><del>Ten</del> hurt</p>" },
        { "a link to a page beside an advertisement", "<p><a href=\"https://notdoubleclick.example/1\">x</a></p>", "<p><a href=\"https://notdoubleclick.example/2\">x</a></p>" },
        { "credits", "<p>责任编辑：李明</p>", "<p>责任编辑：王芳</p>" },
    };

    [Theory]
    [MemberData(nameof(Noise))]
    public void Noise_is_no_version(string what, string before, string after)
    {
        Assert.True(Compare(before, after) == SnapshotChanges.None, $"{what}: {Compared(before)} | {Compared(after)}");
    }

    [Theory]
    [MemberData(nameof(Edits))]
    public void An_edit_is_a_version(string what, string before, string after)
    {
        Assert.True(Compare(before, after) == SnapshotChanges.Body, $"{what}: {Compared(before)}");
    }

    [Theory]
    [InlineData("Nine hurt", "Ten hurt", true)]
    [InlineData("九人受伤", "十人受伤", true)]
    [InlineData("Nine  hurt ", "Nine hurt", false)]
    [InlineData("快讯：九人受伤", "快讯： 九人受伤", false)]
    [InlineData("‘Nine’ hurt", "'Nine' hurt", false)]
    [InlineData("Updated: nine hurt", "Nine hurt", true)]
    public void A_title_counts_by_its_words(string before, string after, bool isVersion) => Assert.Equal(
        isVersion ? SnapshotChanges.Title : SnapshotChanges.None,
        VersionHash.Compare(VersionHash.Of(before, "<p>x</p>", null, [], null, []), VersionHash.Of(after, "<p>x</p>", null, [], null, [])));

    [Fact]
    public void Says_in_what_two_versions_differ()
    {
        var at = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
        var before = VersionHash.Of("t", "<p>x</p>", "s", [new Person("Ann")], at, [new Enclosure("https://example.org/a.mp3?ts=1")]);

        Assert.Equal(SnapshotChanges.None, Changed(VersionHash.Of("t", "<p>x</p>", "another summary", [new Person(" Ann", "ann@example.org")], at, [new Enclosure("https://example.org/a.mp3?ts=2", "audio/mpeg", 3)])));
        Assert.Equal(SnapshotChanges.Authors, Changed(VersionHash.Of("t", "<p>x</p>", "s", [new Person("Ann"), new Person("Bo")], at, [new Enclosure("https://example.org/a.mp3")])));
        Assert.Equal(SnapshotChanges.Published, Changed(VersionHash.Of("t", "<p>x</p>", "s", [new Person("Ann")], at.AddSeconds(1), [new Enclosure("https://example.org/a.mp3")])));
        Assert.Equal(SnapshotChanges.Enclosures, Changed(VersionHash.Of("t", "<p>x</p>", "s", [new Person("Ann")], at, [new Enclosure("https://example.org/b.mp3")])));
        Assert.Equal(
            SnapshotChanges.Title | SnapshotChanges.Body | SnapshotChanges.Enclosures, Changed(VersionHash.Of("T", "<p>y</p>", "s", [new Person("Ann")], at, [])));
        Assert.Equal(SnapshotChanges.All, Changed(new byte[] { 1, 2, 3 }));

        SnapshotChanges Changed(byte[] after) => VersionHash.Compare(before, after);
    }

    /// <summary>The hashes are stored: whoever makes others of the same text gives every entry a version of nothing.</summary>
    [Fact]
    public void Stays_what_it_is()
    {
        var at = new DateTimeOffset(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
        Person[] authors = [new("  Ann  B "), new(""), new("李 明 "), new(" ")];
        Enclosure[] files = [new("https://img3.example.org/a.mp3?ts=1&id=2"), new("http://example.org/b.mp4#t")];
        string[] hashes =
        [
            Hex("", null, null, [], null, []),
            Hex(" Nine  “hurt” ", "<p>Ten <del>hurt</del>, <a href=\"https://example.org/x?utm_source=a&amp;b=1\">more</a></p><p>12 comments</p>", null, authors, at, files),
            Hex("快讯： 九人受伤", "<p>九人 受伤 ABC</p><figure><img src=\"https://p26-sign.example.com/i.jpg?x-expires=1\"></figure><p> 评论(12) </p>", "s", [], at, []),
            Hex("t", null, " a  summary ", authors, null, []),
            Hex("t", "<p>" + new string('x', 600_000) + "</p>", null, [], null, files),
            Hex("t", "<a href=\"https://ad.doubleclick.net/1\">buy</a> a&amp;b&nbsp;c<br>d <ins>e</ins> <video src=\"/v.mp4\"></video>", null, [], null, []),
        ];
        Assert.Equal(
        [
            "02e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb924",
            "02b85a5b262c81543a8950a276cfcf569c948442b7b0153b8363b3808e81fecfc580c2a29bca2d4bb86c8fc63701d2aed57773319070525f0887f669f673586b3d0b5b386cfc3194ae759c7bc2312047ff",
            "02ad4f5e2cc58edc88ab988cad18d0326c3e4c6cce3b96cb23c88c6bb0930f0a4ee3b0c44298fc1c149afbf4c8996fb9247773319070525f0887f669f673586b3de3b0c44298fc1c149afbf4c8996fb924",
            "02e3b98a4da31a127d4bde6e43033f66ba0974df6ea7ed5b84485141ecfa36de1e80c2a29bca2d4bb86c8fc63701d2aed5e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb924",
            "02e3b98a4da31a127d4bde6e43033f66baa7cf794d4b0ebe488b027fccbed24f81e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb9240b5b386cfc3194ae759c7bc2312047ff",
            "02e3b98a4da31a127d4bde6e43033f66badff9fea5c4b043a1c116589968b97863e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb924e3b0c44298fc1c149afbf4c8996fb924",
        ], hashes);

        static string Hex(string title, string? content, string? summary, Person[] authors, DateTimeOffset? at, Enclosure[] files) =>
            Convert.ToHexStringLower(VersionHash.Of(title, content, summary, authors, at, files));
    }

    [Fact]
    public void Counts_the_summary_where_there_is_no_body() => Assert.Equal(
        SnapshotChanges.Body, VersionHash.Compare(VersionHash.Of("t", null, "a", [], null, []), VersionHash.Of("t", null, "b", [], null, [])));

    [Fact]
    public void Takes_time_in_proportion_to_the_text_also_when_it_is_hostile()
    {
        // Were a line of counters matched by trying, or an attribute looked for over and over, these would never end.
        foreach (var hostile in (string[])[string.Concat(Enumerable.Repeat("12 comments ", 100_000)), string.Concat(Enumerable.Repeat("评论(1", 100_000)), new string('<', 100_000), string.Concat(Enumerable.Repeat("<a href=\"", 100_000))])
            Assert.Equal(VersionHash.Length, VersionHash.Of("t", Sanitizer.Sanitize($"<p>{hostile}</p>", Base), null, [], null, []).Length);
    }

    private static SnapshotChanges Compare(string before, string after) => VersionHash.Compare(Hash(before), Hash(after));

    private static string Compared(string body)
    {
        var text = new CharBuffer();
        VersionText.AppendBody(text, Sanitizer.Sanitize(body, Base));
        return text.Text.ToString();
    }

    private static byte[] Hash(string body) => VersionHash.Of("t", Sanitizer.Sanitize(body, Base), null, [], null, []);
}
