using System.Diagnostics;
using System.Globalization;
using System.Net;
using Aggregator.Testing;

namespace Aggregator.Benchmarks.Serving;

/// <summary>The memory of the real program while 2,000 categories are read and changed, for as long as one likes.</summary>
internal static class MemoryOverTime
{
    private const int Categories = 2000;
    private const int ReadsASecond = 300;
    private const int ChangesASecond = 40;
    private static readonly string[] Extensions = ["atom", "rss", "json"];
    private static readonly string[] Codings = ["br", "gzip", "identity"];

    /// <summary>Reads and changes for that time, and prints resident memory in twenty steps.</summary>
    public static async Task MeasureAsync(TimeSpan time)
    {
        using var folder = new TemporaryFolder();
        await using var store = await ServedStore.CreateAsync(folder.File("data/store.db"), Categories);
        var port = FreePort.Next();
        await using var program = await ServeBenchmark.StartProgramAsync(folder, port, "--WebSub:Enabled=off");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, MaxConnectionsPerServer = 32 }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
        using var ending = new CancellationTokenSource();
        var clock = Stopwatch.StartNew();
        var changing = InTurnAsync(ChangesASecond, random => store.AddAsync(store.Sources[random.Next(Categories)], 1), ending.Token);
        long read = 0;
        var reading = InTurnAsync(ReadsASecond, async random =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"categories/{ServedStore.Slug(random.Next(Categories))}.{Extensions[random.Next(Extensions.Length)]}");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", Codings[random.Next(Codings.Length)]);
            using var answer = await http.SendAsync(request);
            if (answer.StatusCode != HttpStatusCode.OK) throw new InvalidOperationException($"{request.RequestUri}: {answer.StatusCode}");
            read++;
        }, ending.Token);

        var seen = new List<double>();
        while (clock.Elapsed < time && !changing.IsCompleted && !reading.IsCompleted)
        {
            await Task.Delay(time / 20);
            seen.Add(Resident(program.Id) / 1e6);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,6:0} s  {seen[^1],6:0} MB  {read,9:N0} reads"));
        }

        await ending.CancelAsync();
        await changing;
        await reading;
        double Mean(int from, int to) => seen.Skip(from).Take(to - from).Average();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"resident memory, means of the second, third and last fourth: {Mean(5, 10):0}, {Mean(10, 15):0}, {Mean(15, 20):0} MB: the last to the second {Mean(15, 20) / Mean(5, 10):0.00}"));
    }

    private static async Task InTurnAsync(int perSecond, Func<Random, Task> act, CancellationToken ending)
    {
        var random = new Random(perSecond);
        var clock = Stopwatch.StartNew();
        for (long i = 0; !ending.IsCancellationRequested; i++)
        {
            await act(random);
            var ahead = TimeSpan.FromSeconds((i + 1.0) / perSecond) - clock.Elapsed;
            if (ahead > TimeSpan.Zero) await Task.Delay(ahead, CancellationToken.None); // a fraction of a second
        }
    }

    private static double Resident(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.WorkingSet64;
    }
}
