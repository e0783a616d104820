using System.Text;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Xunit;

namespace Aggregator.Core.Tests.Snapshots;

public sealed class SnapshotDocumentTests
{
    private static readonly DateTimeOffset Captured = new(2023, 7, 12, 11, 45, 19, 7, TimeSpan.Zero);

    private static SnapshotDocument Full => new()
    {
        Kind = SnapshotKind.Page,
        CapturedAt = Captured,
        Url = "https://example.org/a?b=1&c=\"2\"",
        Title = "标题 😀 \"quoted\" \\ /slash/ <b>",
        Content = "<p>a\tb\r\nc\u0001\u007F\u2028 é</p>",
        Summary = "",
        Authors = [new Person("王小明", "wang@example.org", "https://example.org/wang"), new Person("Ann")],
        Credits = [new Credit("责任编辑", "李明")],
        Tags = ["新闻", "b"],
        Enclosures = [new Enclosure("https://example.org/a.mp3", "audio/mpeg", 12_345_678_901), new Enclosure("https://example.org/b", Length: long.MaxValue)],
        ImageUrl = "https://example.org/i.png",
        Language = "zh-Hans",
        PublishedAt = Captured.AddHours(-1).ToOffset(TimeSpan.FromHours(8)),
        UpdatedAt = Captured.AddMinutes(-1),
        Site = "滨海日报",
        Source = new SnapshotSource("滨海", "https://example.org/feed"),
    };

    [Fact]
    public void Is_written_by_RFC_8785()
    {
        Assert.Equal(
            """{"authors":[{"name":"王小明","url":"https://example.org/wang"},{"name":"Ann"}],"captured":"2023-07-12T11:45:19.007Z","content":"<p>a\tb\r\nc\u0001"""
            + "\u007F\u2028 é</p>\""
            + ""","credits":[{"name":"李明","role":"责任编辑"}],"enclosures":[{"length":12345678901,"type":"audio/mpeg","url":"https://example.org/a.mp3"},{"url":"https://example.org/b"}],"image":"https://example.org/i.png","kind":"page","language":"zh-Hans","published":"2023-07-12T10:45:19.007Z","site":"滨海日报","source":{"title":"滨海","url":"https://example.org/feed"},"summary":"","tags":["新闻","b"],"title":"标题 😀 \"quoted\" \\ /slash/ <b>","updated":"2023-07-12T11:44:19.007Z","url":"https://example.org/a?b=1&c=\"2\""}""",
            Encoding.UTF8.GetString(Full.Write()));
    }

    [Fact]
    public void Has_its_members_sorted_and_none_without_a_value()
    {
        using var full = JsonDocument.Parse(Full.Write());
        var names = full.RootElement.EnumerateObject().Select(member => member.Name).ToList();
        Assert.Equal(names.Order(StringComparer.Ordinal), names);

        var least = new SnapshotDocument { Kind = SnapshotKind.Feed, CapturedAt = Captured, Title = "" };
        Assert.Equal("""{"captured":"2023-07-12T11:45:19.007Z","kind":"feed","title":""}""", Encoding.UTF8.GetString(least.Write()));
    }

    [Fact]
    public void Comes_back_from_its_bytes_and_makes_the_same_bytes_again()
    {
        var bytes = Full.Write();
        var read = SnapshotDocument.Read(bytes);

        Assert.Equal(bytes, read.Write());
        Assert.Equal((Full.Kind, Full.CapturedAt, Full.Title, Full.Content), (read.Kind, read.CapturedAt, read.Title, read.Content));
        Assert.Equal(Full.Credits, read.Credits);
        Assert.Equal(Full.Enclosures[0], read.Enclosures[0]);
        Assert.Null(read.Authors[0].Email);
        Assert.Equal(Full.PublishedAt, read.PublishedAt);
        Assert.Equal(Full.Content, SnapshotDocument.ReadContent(bytes));
        Assert.Null(SnapshotDocument.ReadContent((Full with { Content = null }).Write()));
    }

    [Fact]
    public void Never_holds_what_has_no_UTF8()
    {
        var bytes = (Full with { Title = "a\0b\uD800c\uDC00d\uD83D\uDE00" }).Write();
        Assert.Equal("ab\uFFFDc\uFFFDd😀", SnapshotDocument.Read(bytes).Title);
        Assert.Equal(bytes, Encoding.UTF8.GetBytes(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"title":"x"}""")]
    [InlineData("""{"captured":"2023-07-12T11:45:19.007Z","kind":"feed","title":1}""")]
    [InlineData("""{"captured":"yesterday","kind":"feed","title":""}""")]
    [InlineData("""{"captured":"2023-07-12T11:45:19.007Z","kind":"radio","title":""}""")]
    [InlineData("""{"captured":"2023-07-12T11:45:19.007Z","kind":"feed","enclosures":[{"length":1.5}]}""")]
    [InlineData("""{"captured":"2023-07-12T11:45:19.007Z","kind":"feed","authors":[1]}""")]
    [InlineData("""{"captured":"2023-07-12T11:45:19.007Z","kind":"feed","x":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}""")]
    public void Refuses_what_is_no_document(string text) =>
        Assert.Throws<InvalidDataException>(() => SnapshotDocument.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Skips_members_that_it_does_not_know() =>
        Assert.Equal("t", SnapshotDocument.Read("""{"a":{"b":[1,{}]},"captured":"2023-07-12T11:45:19.007Z","kind":"feed","source":{"x":1,"title":"s"},"title":"t","z":null}"""u8).Title);

    [Fact]
    public void Of_a_feed_keeps_credentials_and_mail_addresses_out()
    {
        var source = new Source
        {
            Id = 1,
            Url = "https://user:secret@example.org/feed?token=0123456789abcdef",
            State = SourceState.Active,
            NextFetchAt = Captured,
            CreatedAt = Captured,
            Feed = new FeedFacts { Title = "Feed", SiteUrl = "https://example.org/" },
        };
        var entry = new Entry
        {
            Key = "k",
            Title = "t",
            Content = "<a href=\"https://user:secret@example.org/1\">x</a>",
            Authors = [new Person("Ann", "ann@example.org")],
            ContentHash = new byte[] { 1 },
        };

        var text = Encoding.UTF8.GetString(SnapshotDocument.OfFeed(entry, source, Captured).Write());

        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.DoesNotContain("0123456789abcdef", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ann@", text, StringComparison.Ordinal);
        Assert.Contains("\"source\":{\"title\":\"Feed\",\"url\":\"https://example.org/\"}", text, StringComparison.Ordinal);
    }
}
