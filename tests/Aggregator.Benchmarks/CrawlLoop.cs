using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml;

namespace Aggregator.Benchmarks;

/// <summary>
/// The plainest crawl there can be: all addresses are fetched, some at once, and each body is run through by XmlReader or the JSON
/// reader where that is asked for. Unless it is to fetch everything always, what the publishers gave to ask with is asked with in the next pass.
/// </summary>
internal sealed class CrawlLoop(IEnumerable<string> lines, int width, bool reads, bool isConditional = true) : IDisposable
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };

    private readonly Uri[] _urls = [.. lines.Select(line => new Uri(line.Split(' ')[0]))];
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip, UseProxy = false });
    private string[]? _validators;

    /// <summary>
    /// <c>crawl-loop fetch|read URLS WIDTH</c>: one pass in a process of its own. The validators are kept in a file beside the addresses,
    /// so that the next process asks with them.
    /// </summary>
    public static async Task<int> RunAsync(string mode, string file, string width)
    {
        using var loop = new CrawlLoop(await File.ReadAllLinesAsync(file), int.Parse(width, CultureInfo.InvariantCulture), mode == "read");
        var kept = $"{file}.{mode}";
        if (File.Exists(kept)) loop._validators = await File.ReadAllLinesAsync(kept);
        var start = Stopwatch.GetTimestamp();
        var (documents, unchanged) = await loop.RunAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.000} {documents} {unchanged}"));
        await File.WriteAllLinesAsync(kept, loop._validators!);
        return 0;
    }

    /// <summary>One pass: how many documents came, and how many publishers said that nothing had changed.</summary>
    public async Task<(int Documents, int Unchanged)> RunAsync()
    {
        var validators = _validators ??= new string[_urls.Length];
        int documents = 0, unchanged = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, _urls.Length), new ParallelOptions { MaxDegreeOfParallelism = width }, async (i, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, _urls[i]);
            if (isConditional && validators[i]?.Split('\t') is [var tag, var date])
            {
                if (tag.Length > 0) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
                if (date.Length > 0) request.Headers.TryAddWithoutValidation("If-Modified-Since", date);
            }

            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                Interlocked.Increment(ref unchanged);
                return;
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            validators[i] = $"{response.Headers.ETag}\t{response.Content.Headers.LastModified:R}";
            Interlocked.Increment(ref documents);
            if (reads) Read(body);
        });
        return (documents, unchanged);
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private static void Read(byte[] body)
    {
        if (body.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..])
        {
            var json = new Utf8JsonReader(body);
            while (json.Read())
            {
            }

            return;
        }

        using var xml = XmlReader.Create(new MemoryStream(body), Settings);
        while (xml.Read())
        {
        }
    }
}
