using System.Globalization;
using System.Text.RegularExpressions;
using Aggregator.Testing;

namespace Aggregator.Benchmarks.Serving;

/// <summary>wrk, Debian's HTTP load generator, as a process of its own: one thread, keep-alive connections, each asking as soon as it is answered.</summary>
internal static partial class LoadGenerator
{
    private const string Program = "/usr/bin/wrk";

    /// <summary>Why it cannot run here, or null.</summary>
    public static string? SkipReason { get; } = File.Exists(Program) ? null : $"There is no {Program}: apt-get install wrk";

    /// <summary>Asks for an address for a while.</summary>
    /// <returns>Requests a second, and the time in milliseconds within which 99 of 100 were answered.</returns>
    /// <exception cref="InvalidOperationException">A request failed, or was answered neither 2xx nor 3xx.</exception>
    public static async Task<(double Rate, double P99)> AskAsync(Uri address, int connections, int seconds, params IEnumerable<string> headers)
    {
        string[] options = ["-t1", $"-c{connections}", $"-d{seconds}s", "--latency", .. headers.SelectMany(static header => new[] { "-H", header })];
        await using var process = ChildProcess.Start(Program, [.. options, address.AbsoluteUri]);
        await process.WaitForExitAsync(TimeSpan.FromSeconds(seconds + 30));
        var said = string.Join('\n', process.Output);
        if (process.ExitCode != 0 || said.Contains("Socket errors", StringComparison.Ordinal) || said.Contains("Non-2xx", StringComparison.Ordinal))
            throw new InvalidOperationException(said);
        var p99 = P99Line().Match(said);
        return (double.Parse(RateLine().Match(said).Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(p99.Groups[1].Value, CultureInfo.InvariantCulture) * p99.Groups[2].Value switch
        {
            "us" => 0.001,
            "ms" => 1,
            _ => 1000,
        });
    }

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)", RegexOptions.NonBacktracking)]
    private static partial Regex RateLine();

    [GeneratedRegex(@"99%\s+([0-9.]+)(us|ms|s)", RegexOptions.NonBacktracking)]
    private static partial Regex P99Line();
}
