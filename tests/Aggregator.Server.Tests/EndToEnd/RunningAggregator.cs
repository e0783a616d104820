using System.Text.Json;
using Aggregator.Testing;

namespace Aggregator.Server.Tests.EndToEnd;

/// <summary>The real program as a child process, on a folder of its own and a free loopback port.</summary>
internal sealed class RunningAggregator : IAsyncDisposable
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(90);

    private readonly ChildProcess _process;

    private RunningAggregator(ChildProcess process, Uri address)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = address };
    }

    public HttpClient Http { get; }

    public ChildProcess Process => _process;

    /// <summary>Starts the server with these settings and waits until it says that it is ready.</summary>
    public static async Task<RunningAggregator> StartAsync(string folder, CancellationToken cancellationToken, params string[] settings)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}/");
        var process = Start(folder, [$"--urls={address.GetLeftPart(UriPartial.Authority)}", .. settings]);
        try
        {
            await process.WaitForLineAsync(line => line.StartsWith("Aggregator is ready", StringComparison.Ordinal), StartsWithin, cancellationToken);
            return new RunningAggregator(process, address);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs one command to its end.</summary>
    public static async Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(
        string folder, CancellationToken cancellationToken, params string[] arguments)
    {
        await using var process = Start(folder, arguments);
        var exitCode = await process.WaitForExitAsync(StartsWithin, cancellationToken);
        return (exitCode, process.StandardOutput, process.StandardError);
    }

    /// <summary>The program beside the tests, with this folder as its working folder and none of the test host's settings.</summary>
    public static ChildProcess Start(string folder, params string[] arguments) => ChildProcess.Start(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "aggregator.dll"), .. arguments], folder,
        new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = null, ["DOTNET_ENVIRONMENT"] = null, ["ASPNETCORE_ENVIRONMENT"] = null });

    /// <summary>The items of a published JSON Feed.</summary>
    public async Task<IReadOnlyList<PublishedItem>> ItemsAsync(string feed, CancellationToken cancellationToken)
    {
        await using var body = await Http.GetStreamAsync(feed, cancellationToken);
        using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
        return [.. document.RootElement.GetProperty("items").EnumerateArray().Select(item => new PublishedItem(
            item.GetProperty("id").GetString()!, item.GetProperty("url").GetString()!, item.TryGetProperty("title", out var title) ? title.GetString() : null,
            item.GetProperty("_source").GetProperty("title").GetString()!, item.GetProperty("_snapshot").GetProperty("version").GetInt32()))];
    }

    /// <summary>Asks again until the answer is right, and fails with the last answer when it does not become so.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Predicate<T> isRight, TimeSpan within, Func<T, string> describe, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var answer = await ask();
            if (isRight(answer)) return answer;
            if (TimeProvider.System.GetElapsedTime(start) > within)
                throw new TimeoutException($"After {within} still: {describe(answer)}");
            await Task.Delay(250, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }
}

/// <summary>What the tests look at of a published item.</summary>
internal sealed record PublishedItem(string Id, string Url, string? Title, string Source, int Version);
