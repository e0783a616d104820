using System.Text;
using Aggregator.Core.Snapshots;
using Xunit;

namespace Aggregator.Core.Tests.Snapshots;

public sealed class ArticleDifferTests
{
    /// <summary>Title before, title after, and the difference: [-removed-] and {+added+}.</summary>
    public static TheoryData<string, string, string> Titles => new()
    {
        { "", "", "" },
        { "Same title", "Same title", "Same title" },
        { "", "A title", "{+A title+}" },
        { "A title", "", "[-A title-]" },
        { "Minister resigns", "Minister resigns after vote", "Minister resigns{+ after vote+}" },
        { "The mayor denied it", "The mayor admitted it", "The mayor [-denied-]{+admitted+} it" },
        { "Prices rise 3.5 percent", "Prices rise 4.5 percent", "Prices rise [-3-]{+4+}.5 percent" },
        { "It wasn't him", "It was him", "It [-wasn't-]{+was+} him" },
        { "国务院发布新规定", "国务院发布三项新规定", "国务院发布{+三项+}新规定" },
        { "北京今日有雨", "上海今日有雨", "[-北京-]{+上海+}今日有雨" },
        { "死亡人数升至12人", "死亡人数升至21人", "死亡人数升至[-12-]{+21+}人" },
        { "東京で地震", "大阪で地震", "[-東京-]{+大阪+}で地震" },
        { "서울 시장 사퇴", "서울 시장 복귀", "서울 시장 [-사퇴-]{+복귀+}" },
        { "Apple发布新手机", "华为发布新手机", "[-Apple-]{+华为+}发布新手机" },
        { "Family 👨‍👩‍👧 day", "Family 👨‍👩‍👦 day", "Family [-👨‍👩‍👧-]{+👨‍👩‍👦+} day" },
        { "Cafe\u0301 opens", "Cafe opens", "[-Cafe\u0301-]{+Cafe+} opens" },
    };

    [Theory]
    [MemberData(nameof(Titles))]
    public void Shows_words_of_spaced_scripts_and_characters_of_the_others(string before, string after, string expected) =>
        Assert.Equal(expected, Shown(Compare(before, after, null, null).Title));

    [Fact]
    public void Joins_changes_that_only_a_character_parts()
    {
        var diff = Compare("记者从交通部门获悉", "编辑从铁路单位获悉", null, null);

        Assert.Equal("[-记者从交通部门-]{+编辑从铁路单位+}获悉", Shown(diff.Title));
    }

    [Fact]
    public void Finds_the_paragraph_that_was_rewritten_among_those_that_came_and_went()
    {
        var diff = Compare(
            "t", "t",
            "<p>The first stays.</p><p>The minister said on Monday that nothing was wrong.</p><p>An old ending about the weather.</p>",
            "<p>The first stays.</p><p>Quite another paragraph stands here now!</p><p>The minister said on Tuesday that nothing was wrong.</p>");

        Assert.Equal(
            [
                "The first stays.",
                "{+Quite another paragraph stands here now!+}",
                "The minister said on [-Monday-]{+Tuesday+} that nothing was wrong.",
                "[-An old ending about the weather.-]",
            ],
            diff.Body.Select(block => Shown(block.Segments)));
        Assert.False(diff.TitleChanged);
        Assert.True(diff.BodyChanged);
    }

    [Fact]
    public void Compares_chinese_paragraphs_by_characters_wherever_they_are_parted()
    {
        var diff = Compare(
            "t", "t",
            "　　会议于5日在京召开。<br><br>　　与会代表共200人。<br>　　会议强调安全。",
            "<p>会议于6日在京召开。</p><p>与会代表共200人。</p><p>会议强调安全。</p>");

        Assert.Equal(
            ["会议于[-5-]{+6+}日在京召开。", "与会代表共200人。", "会议强调安全。"], diff.Body.Select(block => Shown(block.Segments)));
        Assert.Equal((1, 1), (diff.RemovedCharacters, diff.AddedCharacters));
    }

    [Fact]
    public void Shows_a_picture_that_was_exchanged_and_a_heading_that_became_text()
    {
        var diff = Compare(
            "t", "t",
            """<h2>Overview</h2><p>Text with <img src="https://a.example/1.jpg" alt="The old bridge"> inside.</p>""",
            """<p>Overview</p><p>Text with <img src="https://a.example/2.jpg" alt="The old bridge"> inside.</p>""");

        Assert.Equal(
            [
                (ContentBlockKind.Paragraph, "Overview"), (ContentBlockKind.Paragraph, "Text with"),
                (ContentBlockKind.Media, "The old bridge https://a.example/[-1-]{+2+}.jpg"), (ContentBlockKind.Paragraph, "inside."),
            ],
            diff.Body.Select(block => (block.Kind, Shown(block.Segments))));
    }

    [Fact]
    public void Names_list_items_quotes_code_and_rows()
    {
        var blocks = ContentBlocks.Of(
            "<ul><li>One<ul><li>Inner</li></ul></li></ul><blockquote><p>Said.</p></blockquote><pre>a  b</pre><table><tr><th>A</th><td>1<br>2</td></tr></table><ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>");

        Assert.Equal(
            [
                new(ContentBlockKind.ListItem, "One"), new(ContentBlockKind.ListItem, "Inner"), new(ContentBlockKind.Quote, "Said."),
                new(ContentBlockKind.Preformatted, "a b"), new(ContentBlockKind.TableRow, "A | 1 2"), new ContentBlock(ContentBlockKind.Paragraph, "漢かん"),
            ],
            blocks);
    }

    [Fact]
    public void Says_nothing_changed_when_only_markup_and_spaces_did()
    {
        var diff = Compare("t", "t", "<div><p>One <b>two</b>\n three.</p></div>", "<p>One <em>two</em> three.</p>");

        Assert.False(diff.BodyChanged);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_segments_make_both_versions_again(int seed)
    {
        var random = new Random(seed);
        var words = "the cat sat on mat 国 务 院 发 布 规 定 。 , . 12 3.5 é 한국 😀".Split(' ');
        string Text(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => words[random.Next(words.Length)] + (random.Next(3) == 0 ? " " : "")));
        var (before, after) = (Text(random.Next(1, 60)), Text(random.Next(1, 60)));
        var segments = Compare(before, after, null, null).Title;

        Assert.Equal(before, string.Concat(segments.Where(segment => segment.Operation != DiffOperation.Added).Select(segment => segment.Text)));
        Assert.Equal(after, string.Concat(segments.Where(segment => segment.Operation != DiffOperation.Removed).Select(segment => segment.Text)));
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 200)];

    [Fact]
    public void Shows_whole_paragraphs_when_comparing_them_would_cost_too_much()
    {
        var before = new StringBuilder("<p>");
        var after = new StringBuilder("<p>");
        for (var i = 0; i < 20_000; i++)
        {
            before.Append((char)(0x4E00 + (i * 7919 % 5_000)));
            after.Append((char)(0x6E00 + (i * 104_729 % 5_000)));
        }

        var diff = Compare("t", "t", before.Append("</p>").ToString(), after.Append("</p>").ToString());

        var segments = diff.Body.SelectMany(block => block.Segments).ToList();
        Assert.Equal([20_000, 20_000], segments.Select(segment => segment.Text.Length));
        Assert.Equal([DiffOperation.Removed, DiffOperation.Added], segments.Select(segment => segment.Operation));
    }

    [Fact]
    public void Reads_markup_of_any_depth_and_any_number_of_paragraphs()
    {
        var deep = ContentBlocks.Of(string.Concat(Enumerable.Repeat("<div>", 5_000)) + "deep");
        var many = ContentBlocks.Of(string.Concat(Enumerable.Repeat("<p>x</p>", ContentBlocks.MaxBlocks + 500)));

        Assert.Equal("deep", Assert.Single(deep).Text);
        Assert.Equal(ContentBlocks.MaxBlocks, many.Count);
        Assert.EndsWith("x x x", many[^1].Text, StringComparison.Ordinal);
    }

    private static ArticleDiff Compare(string titleBefore, string titleAfter, string? before, string? after) =>
        ArticleDiffer.Compare(new ComparedText(titleBefore, "", before), new ComparedText(titleAfter, "", after));

    private static string Shown(IEnumerable<DiffSegment> segments) => string.Concat(segments.Select(segment => segment.Operation switch
    {
        DiffOperation.Removed => $"[-{segment.Text}-]",
        DiffOperation.Added => $"{{+{segment.Text}+}}",
        _ => segment.Text,
    }));
}
