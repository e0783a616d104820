using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>crawl-loop fetch|read URLS WIDTH</c>: the plainest crawl there can be, in a process of its own: all addresses of a
/// file are fetched, WIDTH at once, and with <c>read</c> each body is run through by XmlReader or the JSON reader. What the
/// publishers gave to ask with is kept in a file beside the addresses, so that the next process asks with it.
/// </summary>
internal static class CrawlLoop
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };

    public static async Task<int> RunAsync(string mode, string file, string width)
    {
        var urls = (await File.ReadAllLinesAsync(file)).Select(line => new Uri(line.Split(' ')[0])).ToArray();
        var kept = $"{file}.{mode}";
        var validators = File.Exists(kept) ? await File.ReadAllLinesAsync(kept) : new string[urls.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = int.Parse(width, CultureInfo.InvariantCulture) };
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip, UseProxy = false });
        var start = Stopwatch.GetTimestamp();
        int documents = 0, unchanged = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, urls.Length), parallel, async (i, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, urls[i]);
            if (validators[i]?.Split('\t') is [var tag, var date])
            {
                if (tag.Length > 0) request.Headers.TryAddWithoutValidation("If-None-Match", tag);
                if (date.Length > 0) request.Headers.TryAddWithoutValidation("If-Modified-Since", date);
            }

            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NotModified)
            {
                Interlocked.Increment(ref unchanged);
                return;
            }

            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            validators[i] = $"{response.Headers.ETag}\t{response.Content.Headers.LastModified:R}";
            Interlocked.Increment(ref documents);
            if (mode == "read") Read(body);
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.000} {documents} {unchanged}"));
        await File.WriteAllLinesAsync(kept, validators);
        return 0;
    }

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
