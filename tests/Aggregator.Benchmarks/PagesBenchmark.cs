using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Aggregator.Benchmarks.Serving;
using Aggregator.Testing;

namespace Aggregator.Benchmarks;

/// <summary>
/// Requests a second for a category's and an article's page of the real program, from memory and rendered anew, beside a bare Kestrel endpoint that
/// writes the same head and the same packed bytes. Every server is a process of its own; they take turns, and one client asks all of them in the same way.
/// </summary>
internal static class PagesBenchmark
{
    private const int Connections = 16;
    private const int Rounds = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    public static async Task<int> RunAsync()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("feeds/samples"));
        var feeds = Path.Combine(Repository.Root, "feeds");
        File.Copy(Path.Combine(feeds, "samples.opml"), folder.File("feeds/samples.opml"));
        foreach (var sample in Directory.GetFiles(Path.Combine(feeds, "samples"))) File.Copy(sample, folder.File("feeds/samples/" + Path.GetFileName(sample)));

        var port = FreePort.Next();
        await using var program = ChildProcess.Start(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "aggregator.dll"), "serve", $"--Urls=http://127.0.0.1:{port}", "--Logging:LogLevel:Default=Warning"], folder.Path);
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var (category, article, snapshot) = await FindAsync(http);

        var pages = new List<(string Name, int Port, Func<int, string> Path)>();
        var bare = new List<ChildProcess>();
        foreach (var (name, path) in new[] { ("category", category), ("article", article) })
        {
            var barePort = FreePort.Next();
            Directory.CreateDirectory(folder.File(name));
            await File.WriteAllBytesAsync(folder.File(name + "/page"), await AnswerAsync(port, path));
            bare.Add(await ServeBenchmark.StartBareAsync(folder, folder.File(name), barePort));
            pages.Add(($"{name}, bare Kestrel", barePort, _ => "/page"));
            pages.Add(($"{name}, from memory", port, _ => path));
        }

        // A place that nobody asked for yet is a page that nobody has rendered; and the pages of snapshots are never kept.
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        pages.Add(("category, rendered anew", port, i => string.Create(CultureInfo.InvariantCulture, $"{category}?before={now + i}-1")));
        pages.Add(("article, rendered anew", port, _ => snapshot));

        var rates = pages.ToDictionary(page => page.Name, _ => new List<double>());
        var asked = 0;
        for (var round = 0; round <= Rounds; round++)
            foreach (var page in pages)
            {
                var rate = await AskAsync(page.Port, () => page.Path(Interlocked.Increment(ref asked)), Turn);
                // The first round is for the compiler.
                if (round > 0) rates[page.Name].Add(rate);
            }

        foreach (var (name, _, _) in pages)
        {
            var median = Median(rates[name]);
            var beside = Median(rates[name.Split(',')[0] + ", bare Kestrel"]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-26} {median,9:N0} requests/s, {median / beside:0.00} x bare (rounds {string.Join(" ", rates[name].Select(rate => rate.ToString("N0", CultureInfo.InvariantCulture)))})"));
        }

        foreach (var process in bare) await process.DisposeAsync();
        return 0;
    }

    private static async Task<(string Category, string Article, string Snapshot)> FindAsync(HttpClient http)
    {
        for (var patience = 0; patience < 120; patience++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            try
            {
                using var robot = JsonDocument.Parse(await http.GetStringAsync("/all.json"));
                if (robot.RootElement.GetProperty("items") is { } items && items.GetArrayLength() < 30) continue;
                var home = await http.GetStringAsync("/");
                var category = Between(home, "href=\"/categories/", "\"");
                var page = await http.GetStringAsync("/categories/" + category);
                var article = Between(page, "href=\"/articles/", "\"");
                var text = await http.GetStringAsync("/articles/" + article);
                return ("/categories/" + category, "/articles/" + article, "/articles/" + article + "/snapshots/" + Between(text, $"href=\"/articles/{article}/snapshots/", "\""));
            }
            catch (HttpRequestException)
            {
                // It has not started to listen.
            }
        }

        throw new InvalidOperationException("The program did not read its samples within two minutes.");
    }

    private static string Between(string text, string start, string end)
    {
        var from = text.IndexOf(start, StringComparison.Ordinal);
        if (from < 0) throw new InvalidOperationException($"There is no {start} in the page.");
        from += start.Length;
        return text[from..text.IndexOf(end, from, StringComparison.Ordinal)];
    }

    /// <summary>The whole answer, head and body.</summary>
    private static async Task<byte[]> AnswerAsync(int port, string path)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[256 * 1024];
        return buffer[..await AskAsync(socket, port, path, buffer)];
    }

    private static async Task<double> AskAsync(int port, Func<string> path, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var counts = await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => AskInTurnAsync(port, path, clock, time))));
        return counts.Sum() / clock.Elapsed.TotalSeconds;
    }

    private static async Task<int> AskInTurnAsync(int port, Func<string> path, Stopwatch clock, TimeSpan time)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[256 * 1024];
        var count = 0;
        for (; clock.Elapsed < time; count++) await AskAsync(socket, port, path(), buffer);
        return count;
    }

    /// <summary>Asks as a browser does and reads the answer.</summary>
    /// <returns>The number of bytes of the answer.</returns>
    private static async Task<int> AskAsync(Socket socket, int port, string path, byte[] buffer)
    {
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n\r\n"));
        var read = 0;
        var end = -1;
        var length = 0;
        while (end < 0 || read < end + length)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(read));
            if (got == 0) throw new InvalidOperationException("The server hung up.");
            read += got;
            if (end >= 0) continue;
            end = buffer.AsSpan(0, read).IndexOf("\r\n\r\n"u8);
            if (end < 0) continue;
            end += 4;
            var head = Encoding.ASCII.GetString(buffer, 0, end);
            if (!head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)) throw new InvalidOperationException(head);
            length = int.Parse(Between(head, "Content-Length: ", "\r"), CultureInfo.InvariantCulture);
        }

        return read;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
