using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml;

namespace Aggregator.Benchmarks;

/// <summary>
/// <c>crawl-loop fetch|read URLS WIDTH</c>: the plainest crawl there can be, in a process of its own: all addresses of a
/// file are fetched, WIDTH at once, and with <c>read</c> each body is run through by XmlReader or the JSON reader. Each line
/// on standard input is one more pass, conditional from the second on; each pass prints its seconds.
/// </summary>
internal static class CrawlLoop
{
    private static readonly XmlReaderSettings Settings = new() { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };

    public static async Task<int> RunAsync(string mode, string file, string width, string passes)
    {
        var urls = (await File.ReadAllLinesAsync(file)).Select(line => new Uri(line.Split(' ')[0])).ToArray();
        var validators = new (EntityTagHeaderValue? Tag, DateTimeOffset? Date)[urls.Length];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = int.Parse(width, CultureInfo.InvariantCulture) };
        using var http = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.GZip, UseProxy = false });
        for (var pass = int.Parse(passes, CultureInfo.InvariantCulture); pass > 0; pass--)
        {
            var start = Stopwatch.GetTimestamp();
            int documents = 0, unchanged = 0;
            await Parallel.ForEachAsync(Enumerable.Range(0, urls.Length), parallel, async (i, cancellationToken) =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, urls[i]);
                if (validators[i].Tag is { } tag) request.Headers.IfNoneMatch.Add(tag);
                request.Headers.IfModifiedSince = validators[i].Date;
                using var response = await http.SendAsync(request, cancellationToken);
                if (response.StatusCode == HttpStatusCode.NotModified)
                {
                    Interlocked.Increment(ref unchanged);
                    return;
                }

                var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
                validators[i] = (response.Headers.ETag, response.Content.Headers.LastModified);
                Interlocked.Increment(ref documents);
                if (mode == "read") Read(body);
            });
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:0.000} {documents} {unchanged}"));
            if (pass > 1) await Console.In.ReadLineAsync();
        }

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
