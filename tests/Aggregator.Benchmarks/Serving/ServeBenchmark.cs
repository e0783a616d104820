using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;

namespace Aggregator.Benchmarks.Serving;

/// <summary>
/// <c>serve [throughput] [crawl] [memory [MINUTES]]</c>: feeds of the real program. Every server is a process of its own, so is the load
/// generator, and all share the machine's processors; servers take turns, and what counts is the median of the rounds' ratios.
/// </summary>
internal static class ServeBenchmark
{
    private const int Connections = 32;
    private const int Rounds = 7;
    private const int TurnSeconds = 2;

    /// <summary>Runs the parts named, or throughput and crawl.</summary>
    public static async Task<int> RunAsync(string[] parts)
    {
        if (LoadGenerator.SkipReason is { } reason)
        {
            Console.Error.WriteLine(reason);
            return 2;
        }

        if (parts.Length == 0) parts = ["throughput", "crawl"];
        if (parts.Contains("throughput", StringComparer.Ordinal)) await MeasureThroughputAsync();
        if (parts.Contains("crawl", StringComparer.Ordinal))
        {
            if (UpstreamSimulator.SkipReason is { } missing) Console.Error.WriteLine(missing);
            else await MeasureWhileCrawlingAsync();
        }

        if (parts.Contains("memory", StringComparer.Ordinal))
            await MemoryOverTime.MeasureAsync(TimeSpan.FromMinutes(parts.Select(static part => int.TryParse(part, CultureInfo.InvariantCulture, out var minutes) ? minutes : 0).Max() is > 0 and var given ? given : 10));
        return 0;
    }

    /// <summary>Starts the program on a store and waits until it is ready.</summary>
    internal static async Task<ChildProcess> StartProgramAsync(TemporaryFolder folder, int port, params string[] settings)
    {
        var program = ChildProcess.Start(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "aggregator.dll"), "serve", $"--Urls=http://127.0.0.1:{port}", "--Aggregator:Catalogue=", "--Logging:LogLevel:Default=Warning",
                $"--Publish:EntriesPerFeed={ServedStore.EntriesPerFeed}", .. settings,
            ],
            folder.Path);
        await program.WaitForLineAsync(static line => line.StartsWith("Aggregator is ready", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
        return program;
    }

    private static async Task MeasureThroughputAsync()
    {
        using var folder = new TemporaryFolder();
        await (await ServedStore.CreateAsync(folder.File("data/store.db"), 1)).DisposeAsync();
        var (port, barePort, usualPort, nginxPort) = (FreePort.Next(), FreePort.Next(), FreePort.Next(), FreePort.Next());
        await using var program = await StartProgramAsync(folder, port);
        var path = $"/categories/{ServedStore.Slug(0)}.atom";
        await AnswerAsync(port, path, ["Accept-Encoding: gzip, br"]);

        var tag = HeaderOf(await AnswerAsync(port, path, ["Accept-Encoding: br"]), "ETag");
        var kinds = new Dictionary<string, string[]>
        {
            ["plain"] = [],
            ["gzip"] = ["Accept-Encoding: gzip"],
            ["brotli"] = ["Accept-Encoding: br"],
            ["304"] = ["Accept-Encoding: br", $"If-None-Match: {tag}"],
        };
        Directory.CreateDirectory(folder.File("answers"));
        Directory.CreateDirectory(folder.File("files"));
        foreach (var (kind, headers) in kinds)
        {
            var answer = await AnswerAsync(port, path, headers);
            await File.WriteAllBytesAsync(folder.File("answers/" + kind), answer);
            var body = answer[(answer.AsSpan().IndexOf("\r\n\r\n"u8) + 4)..];
            await File.WriteAllBytesAsync(folder.File("files/" + kind), body.Length > 0 ? body : [1]);
            Say($"{kind}: {body.Length} bytes and a head of {answer.Length - body.Length}");
        }

        await using var bare = await StartBareAsync(folder, folder.File("answers"), barePort);
        await using var usual = await StartBareAsync(folder, folder.File("answers"), usualPort, asProgram: false);
        await using var nginx = await StartNginxAsync(folder, nginxPort);
        var nginxTag = nginx is null ? "" : HeaderOf(await AnswerAsync(nginxPort, "/304", []), "ETag");

        foreach (var (kind, headers) in kinds)
        {
            var (ours, ofBare, ofUsual, ofNginx) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            var (costs, bareCosts) = (new List<double>(), new List<double>());
            for (var round = 0; round <= Rounds; round++)
            {
                var (rate, cost) = await TurnAsync(program, port, path, headers);
                var (bareRate, bareCost) = await TurnAsync(bare, barePort, "/" + kind, headers);
                var (usualRate, _) = await TurnAsync(usual, usualPort, "/" + kind, headers);
                var nginxRate = nginx is null ? 0 : (await TurnAsync(nginx, nginxPort, "/" + kind, [.. headers.Select(header => header.Replace(tag, nginxTag, StringComparison.Ordinal))])).Rate;
                if (round == 0) continue; // For the compilers.
                ours.Add(rate);
                ofBare.Add(bareRate);
                ofUsual.Add(usualRate);
                ofNginx.Add(nginxRate);
                costs.Add(cost);
                bareCosts.Add(bareCost);
            }

            double Ratio(List<double> over, List<double> under) => Median([.. over.Zip(under, static (a, b) => a / b)]);
            Say($"{kind,-7} ours {Median(ours),8:N0}/s, bare Kestrel {Median(ofBare),8:N0}/s: {Ratio(ours, ofBare):0.00} x (rounds {string.Join(" ", ours.Zip(ofBare, static (a, b) => (a / b).ToString("0.00", CultureInfo.InvariantCulture)))}); processor {Median(costs):0.0} µs and {Median(bareCosts):0.0} µs a request; bare Kestrel with the runtime's own settings {Median(ofUsual),8:N0}/s: {Ratio(ours, ofUsual):0.00} x; nginx {Median(ofNginx),8:N0}/s: {(nginx is null ? 0 : Ratio(ours, ofNginx)):0.00} x");
        }
    }

    private static async Task MeasureWhileCrawlingAsync()
    {
        const int Sources = 2000;
        using var folder = new TemporaryFolder();
        await using var upstream = await UpstreamSimulator.StartAsync(["--feeds", $"{Sources}", "--validators", "both", "--epoch", "2026-11-01"], default);
        await File.WriteAllBytesAsync(folder.File("upstream.opml"), await upstream.Control.GetByteArrayAsync("opml?jsonfeed=1"));
        string[] settings =
        [
            "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Fetching:PerHostConcurrency=64", "--Logging:LogLevel:Default=Warning", "--WebSub:Enabled=off",
        ];
        foreach (var command in new[] { new[] { "import", "upstream.opml" }, ["crawl"] })
        {
            await using var run = ChildProcess.Start("dotnet", [Path.Combine(AppContext.BaseDirectory, "aggregator.dll"), .. command, .. settings], folder.Path);
            if (await run.WaitForExitAsync(TimeSpan.FromMinutes(5)) != 0) throw new InvalidOperationException(string.Join('\n', run.Output));
        }

        await upstream.Control.GetStringAsync("tick?fraction=1&k=1");
        var file = folder.File("data/store.db");
        Execute(file, "update source set next_fetch_at = 4102444800000");
        var slug = (string)Execute(file, "select slug from category order by id limit 1")!;
        var port = FreePort.Next();
        await using var program = await StartProgramAsync(folder, port, [.. settings[1..], "--Refresh:CheckEvery=00:00:05"]);
        var feed = new Uri($"http://127.0.0.1:{port}/categories/{slug}.atom");
        Say($"a feed of {(await AnswerAsync(port, feed.AbsolutePath, [])).Length / 1024} KB that the crawl changes");
        // What the first crawl brought is still being indexed, and that is no idling.
        while ((long)Execute(file, "select (select count(*) from search_queue) + (select count(*) from story_queue) + (select count(*) from related_queue) + (select count(*) from topic_queue)")! > 0) await Task.Delay(500);
        await LoadGenerator.AskAsync(feed, Connections, 5, "Accept-Encoding: br");
        var idle = new List<(double Rate, double P99)>();
        for (var i = 0; i < 5; i++) idle.Add(await LoadGenerator.AskAsync(feed, Connections, TurnSeconds, "Accept-Encoding: br"));

        Execute(file, "update source set next_fetch_at = 0");
        long Left() => (long)Execute(file, "select count(*) from source where next_fetch_at = 0")!;
        while (Left() == Sources) await Task.Delay(50);
        var busy = new List<(double Rate, double P99)>();
        while (Left() > 0)
        {
            var turn = await LoadGenerator.AskAsync(feed, Connections, TurnSeconds, "Accept-Encoding: br");
            if (Left() > 0) busy.Add(turn);
        }

        if (busy.Count == 0) throw new InvalidOperationException("The crawl ended before anything was measured.");
        var (calm, crawling) = (Median([.. idle.Select(static turn => turn.P99)]), Median([.. busy.Select(static turn => turn.P99)]));
        Say($"p99 idle {calm:0.00} ms at {Median([.. idle.Select(static turn => turn.Rate)]):N0}/s, while {Sources} sources are crawled {crawling:0.00} ms at {Median([.. busy.Select(static turn => turn.Rate)]):N0}/s: {crawling / calm:0.00} x ({busy.Count} turns of {TurnSeconds} s: {string.Join(" ", busy.Select(static turn => turn.P99.ToString("0.0", CultureInfo.InvariantCulture)))} ms)");
    }

    /// <summary>
    /// Starts the bare endpoint that writes the answers of a folder: under the program's settings of the runtime, so that only what is
    /// done for a request differs, or under the runtime's own.
    /// </summary>
    internal static async Task<ChildProcess> StartBareAsync(TemporaryFolder folder, string answers, int port, bool asProgram = true)
    {
        var settings = asProgram ? "aggregator.runtimeconfig.json" : "Aggregator.Benchmarks.runtimeconfig.json";
        var bare = ChildProcess.Start(
            "dotnet",
            [
                "exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, settings),
                Path.Combine(AppContext.BaseDirectory, "Aggregator.Benchmarks.dll"), "serve-bare", answers, port.ToString(CultureInfo.InvariantCulture),
            ],
            folder.Path);
        await bare.WaitForLineAsync(static line => line == "ready", TimeSpan.FromSeconds(30));
        return bare;
    }

    private static async Task<(double Rate, double Cost)> TurnAsync(ChildProcess server, int port, string path, string[] headers)
    {
        var before = Processor(server.Id);
        var (rate, _) = await LoadGenerator.AskAsync(new Uri($"http://127.0.0.1:{port}{path}"), Connections, TurnSeconds, headers);
        return (rate, (Processor(server.Id) - before).TotalMicroseconds / (rate * TurnSeconds));
    }

    private static TimeSpan Processor(int id)
    {
        using var process = System.Diagnostics.Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }

    private static async Task<ChildProcess?> StartNginxAsync(TemporaryFolder folder, int port)
    {
        const string Program = "/usr/sbin/nginx";
        if (!File.Exists(Program)) return null;
        var user = Environment.IsPrivilegedProcess ? "user root;" : "";
        await File.WriteAllTextAsync(folder.File("nginx.conf"), $$"""
            daemon off;
            worker_processes 2;
            {{user}}
            pid {{folder.File("nginx.pid")}};
            error_log stderr warn;
            events { worker_connections 256; }
            http {
                access_log off;
                sendfile on;
                keepalive_requests 100000000;
                open_file_cache max=100;
                default_type application/atom+xml;
                server {
                    listen 127.0.0.1:{{port}};
                    root {{folder.File("files")}};
                    location = /gzip { add_header Content-Encoding gzip; }
                    location = /brotli { add_header Content-Encoding br; }
                }
            }
            """);
        return ChildProcess.Start(Program, ["-c", folder.File("nginx.conf"), "-p", folder.Path, "-e", "stderr"], folder.Path);
    }

    /// <summary>The whole answer as it comes over the wire.</summary>
    private static async Task<byte[]> AnswerAsync(int port, string path, string[] headers)
    {
        for (var patience = 100; ; patience--)
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                await using var stream = client.GetStream();
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n{string.Concat(headers.Select(static header => header + "\r\n"))}\r\n"));
                using var answer = new MemoryStream();
                await stream.CopyToAsync(answer);
                // Only because this request asked for it.
                return Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(answer.ToArray()).Replace("\r\nConnection: close", "", StringComparison.Ordinal));
            }
            catch (SocketException) when (patience > 0)
            {
                await Task.Delay(50);
            }
    }

    private static string HeaderOf(byte[] answer, string name)
    {
        var text = Encoding.Latin1.GetString(answer);
        var start = text.IndexOf($"\r\n{name}: ", StringComparison.OrdinalIgnoreCase) + name.Length + 4;
        return text[start..text.IndexOf('\r', start)];
    }

    private static object? Execute(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static double Median(IReadOnlyList<double> values) => values.Order().ElementAt(values.Count / 2);

    private static void Say(FormattableString line) => Console.WriteLine(FormattableString.Invariant(line));
}
