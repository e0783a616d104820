using Aggregator.Core.Model;
using Xunit;

namespace Aggregator.Core.Tests.Model;

public sealed class CapturePolicyTests
{
    private static readonly string LongText = string.Join(' ', Enumerable.Repeat("word", 300));

    [Theory]
    [InlineData(CaptureMode.Off, "short", "https://example.org/a", false)]
    [InlineData(CaptureMode.WhenShort, "short", "https://example.org/a", true)]
    [InlineData(CaptureMode.WhenShort, "long", "https://example.org/a", false)]
    [InlineData(CaptureMode.WhenShort, "none", "https://example.org/a", true)]
    [InlineData(CaptureMode.Always, "long", "https://example.org/a", true)]
    [InlineData(CaptureMode.Always, "short", null, false)]
    [InlineData(CaptureMode.Always, "short", "ftp://example.org/a", false)]
    public void Wants_the_pages_of_short_texts_or_of_all(CaptureMode mode, string text, string? url, bool wants)
    {
        var content = text switch { "short" => "<p>A few words.</p>", "long" => $"<p>{LongText}</p>", _ => null };
        Assert.Equal(wants, new CapturePolicy { Mode = mode }.Wants(AnEntry(content, url), 300));
    }

    [Fact]
    public void Counts_a_chinese_character_as_a_word_and_goes_by_its_own_bound_first()
    {
        var entry = AnEntry($"<p>{new string('字', 200)}</p>", "https://example.org/a");
        Assert.True(new CapturePolicy { Mode = CaptureMode.WhenShort }.Wants(entry, 201));
        Assert.False(new CapturePolicy { Mode = CaptureMode.WhenShort }.Wants(entry, 200));
        Assert.False(new CapturePolicy { Mode = CaptureMode.WhenShort, ShortBelow = 150 }.Wants(entry, 300));
    }

    [Fact]
    public void Names_what_cannot_be_used()
    {
        Assert.Null(CapturePolicy.Off.Problem());
        Assert.Null(new CapturePolicy { Mode = CaptureMode.Always, Keep = ["#content p"], Remove = [".ad"], ShortBelow = 1 }.Problem());
        Assert.Contains("mode", new CapturePolicy { Mode = (CaptureMode)9 }.Problem(), StringComparison.Ordinal);
        Assert.Contains("bound", new CapturePolicy { ShortBelow = 0 }.Problem(), StringComparison.Ordinal);
        Assert.Contains("'div >> <'", new CapturePolicy { Keep = ["div >> <"] }.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Is_equal_by_what_it_says() => Assert.Equal(
        new CapturePolicy { Mode = CaptureMode.Always, Keep = ["#a"], Remove = [".b"] }, new CapturePolicy { Mode = CaptureMode.Always, Keep = ["#a"], Remove = [".b"] });

    private static Entry AnEntry(string? content, string? url) =>
        new() { Key = "k", Title = "t", Url = url, Content = content, ContentHash = new byte[] { 1 } };
}
