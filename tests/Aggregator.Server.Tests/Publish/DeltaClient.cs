using System.Globalization;
using System.Net;
using System.Xml.Linq;

namespace Aggregator.Server.Tests.Publish;

/// <summary>
/// A client of delta encoding, written from RFC 3229 alone, with the instance manipulation <c>feed</c>: it names the instance that it
/// holds, and merges what it is told of that into it. It knows of no archives.
/// </summary>
internal sealed class DeltaClient(HttpClient http, string address)
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly XNamespace Deleted = "http://purl.org/atompub/tombstones/1.0";

    private string? _tag;

    /// <summary>What it has.</summary>
    public Dictionary<string, string> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>The texts of what it has.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>The statuses of the answers, in their order.</summary>
    public List<int> Statuses { get; } = [];

    /// <summary>How many entries the last answer held.</summary>
    public int Received { get; private set; }

    /// <summary>Asks for what is new.</summary>
    public async Task PollAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation("A-IM", "feed");
        if (_tag is not null) request.Headers.TryAddWithoutValidation("If-None-Match", _tag);
        using var response = await http.SendAsync(request);
        Statuses.Add((int)response.StatusCode);
        Received = 0;
        if (response.StatusCode == HttpStatusCode.NotModified) return;
        if (response.StatusCode == HttpStatusCode.IMUsed)
        {
            if (response.Headers.GetValues("IM").Single() != "feed") throw new InvalidDataException("Not the manipulation that was asked for.");
            if (response.Headers.GetValues("Delta-Base").Single() != _tag) throw new InvalidDataException("A delta to another instance.");
        }
        else if (response.StatusCode != HttpStatusCode.OK)
        {
            throw new HttpRequestException(((int)response.StatusCode).ToString(CultureInfo.InvariantCulture));
        }

        _tag = response.Headers.ETag!.ToString();
        var feed = XDocument.Load(await response.Content.ReadAsStreamAsync()).Root!;
        foreach (var entry in feed.Elements(Atom + "entry"))
        {
            Received++;
            Entries[(string)entry.Element(Atom + "id")!] = (string)entry.Element(Atom + "title")!;
            Texts[(string)entry.Element(Atom + "id")!] = (string?)entry.Element(Atom + "summary") + (string?)entry.Element(Atom + "content");
        }

        foreach (var gone in feed.Elements(Deleted + "deleted-entry"))
        {
            Entries.Remove((string)gone.Attribute("ref")!);
            Texts.Remove((string)gone.Attribute("ref")!);
        }
    }
}
