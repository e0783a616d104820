using System.Globalization;
using System.Text;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>One damage to a document. Every number fits every document: places wrap around, lengths are cut.</summary>
/// <param name="Kind">What is done, 0 to <see cref="Kinds"/> − 1.</param>
/// <param name="At">Where.</param>
/// <param name="Length">How much.</param>
/// <param name="Seed">What else there is to choose: a splinter, bytes, another place.</param>
internal sealed record Mutation(int Kind, int At, int Length, int Seed)
{
    internal const int Kinds = 9;

    private const int MaxBytes = 128 * 1024;

    private static readonly byte[][] Splinters = [.. new[]
    {
        "<", ">", "&", "\"", "'", "<!--", "-->", "<![CDATA[", "]]>", "<?xml", "?>", "<!DOCTYPE x [", "<!ENTITY a \"&a;\">", "&a;", "&#0;", "&#xFFFFFFFF;", "&nbsp;", "</", "/>", "<item>", "</item>", "<entry>",
        "</channel>", "</rss>", "<rss>", "xmlns:x=\"\"", "xmlns=\"x\"", "x:y:z=\"1\"", "<:a>", "<a:>", "<xml:b>", "<xmlns:c>", "\0", "\uFFFE", "\uFEFF", "\u0001", "{", "}", "[", "]", ",", "\\ud800", "<script>", "<svg>", "<plaintext>",
        "99999999999999999999", "-1", "3小时前", "2026年13月41日", "<content type=\"xhtml\">", "<content mode=\"base64\">", "xml:base=\"http://[\"", "http://[::1", "href=\"//\"", "<link rel=\"a b c\" href=\"x\"/>", "<textarea>", "<table><td>",
        "😀", "\u202E", "<outline xmlUrl=\"x\">", "<media:group>", "<!ENTITY % p SYSTEM \"file:///etc/hostname\"> %p;", "&lt;noscript&gt;&lt;p title=\"&lt;/noscript&gt;", "encoding=\"utf-7\"", "encoding='big5'", "&amp;lt;", "javascript:",
    }.Select(Encoding.UTF8.GetBytes)];

    internal void Apply(List<byte> document, byte[] other)
    {
        if (document.Count == 0) return;
        var at = At % document.Count;
        var length = Math.Min(Length, document.Count - at);
        var splinter = Splinters[Seed % Splinters.Length];
        switch (Kind)
        {
            case 0:
                var random = new Random(Seed);
                for (var i = 0; i < Math.Min(length, 8); i++) document[at + i] = (byte)random.Next(256);
                break;
            case 1: document.RemoveRange(at, length); break;
            case 2: document.InsertRange(Seed % document.Count, document.GetRange(at, length)); break;
            case 3: document.RemoveRange(at, document.Count - at); break;
            case 4 or 5 or 6: document.InsertRange(at, splinter); break;
            case 7:
                for (var i = Length % 200; i > 0 && document.Count < MaxBytes; i--) document.InsertRange(at, splinter);
                break;
            default:
                var from = Seed % other.Length;
                document.InsertRange(at, other[from..Math.Min(other.Length, from + 2_000)]);
                break;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"({Kind}, {At}, {Length}, {Seed})");
}
