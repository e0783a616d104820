using System.Xml;

namespace Aggregator.Core.Parsing;

internal sealed class XmlRepairer : TextReader
{
    private readonly StringReader _inner;

    private XmlRepairer(string text) => _inner = new StringReader(text);

    internal List<string> Repairs { get; } = [];

    internal static XmlRepairer Create(DecodedText decoded) => new(decoded.Text ?? System.Text.Encoding.UTF8.GetString(decoded.Utf8.Span));

    public override int Read(char[] buffer, int index, int count) => _inner.Read(buffer, index, count);

    internal static ParseResult Parse(DecodedText decoded, ParseContext context, List<string> repairs, XmlReaderSettings settings, CancellationToken cancellation)
    {
        _ = (context, repairs, settings, cancellation, decoded);
        return FeedParser.NotAFeed(null);
    }
}
