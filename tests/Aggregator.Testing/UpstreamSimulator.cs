using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Aggregator.Testing;

/// <summary>
/// The field's simulated publishers (<c>../shared/upstream</c>), built once for each version of their source into the
/// temporary folder, and run as a program of its own.
/// </summary>
public sealed class UpstreamSimulator : IAsyncDisposable
{
    private static readonly TimeSpan BuildsWithin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(3);

    private readonly ChildProcess _process;

    private UpstreamSimulator(ChildProcess process, Uri address)
    {
        _process = process;
        Control = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromMinutes(2) };
    }

    /// <summary>Why it cannot run here, as a sentence for a skipped test; null when it can.</summary>
    public static string? SkipReason { get; } =
        File.Exists(Path.Combine(Folder, "upstream-sim.csproj")) ? null : "There is no ../shared/upstream beside the project.";

    /// <summary>Its control addresses: <c>stats</c>, <c>tick</c>, <c>opml</c> and so on.</summary>
    public HttpClient Control { get; }

    private static string Folder => Path.Combine(Repository.Root, "..", "shared", "upstream");

    /// <summary>Builds it if need be, and starts it.</summary>
    /// <param name="arguments">Its options besides <c>--port</c>.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="InvalidOperationException">It cannot be built.</exception>
    /// <exception cref="TimeoutException">It does not start.</exception>
    public static async Task<UpstreamSimulator> StartAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var program = await BuildAsync(cancellationToken);
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        // Its memory is not the question, but the machine's may be short.
        var process = ChildProcess.Start("dotnet", [program, "--port", port, .. arguments], environment: new Dictionary<string, string?> { ["DOTNET_gcServer"] = "0" });
        try
        {
            await process.WaitForLineAsync(line => line.StartsWith("upstream-sim:", StringComparison.Ordinal), StartsWithin, cancellationToken);
            return new UpstreamSimulator(process, new Uri($"http://127.0.0.1:{port}/"));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>What clients did to it.</summary>
    public async Task<JsonElement> StatsAsync(bool perFeed = false, CancellationToken cancellationToken = default)
    {
        using var document = JsonDocument.Parse(await Control.GetStringAsync(perFeed ? "stats?feeds=1" : "stats", cancellationToken));
        return document.RootElement.Clone();
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        Control.Dispose();
        return _process.DisposeAsync();
    }

    private static async Task<string> BuildAsync(CancellationToken cancellationToken)
    {
        var sources = Directory.EnumerateFiles(Folder).Where(file => Path.GetExtension(file) is ".cs" or ".csproj").Order(StringComparer.Ordinal).ToList();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in sources) hash.AppendData(await File.ReadAllBytesAsync(file, cancellationToken));
        var folder = Path.Combine(Path.GetTempPath(), $"aggregator-upstream-{Environment.UserName}-{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
        var program = Path.Combine(folder, "out", "upstream-sim.dll");
        if (File.Exists(program)) return program;

        // The folder may be read-only, and what is built does not belong there. It appears whole or not at all.
        var making = folder + "-" + Guid.NewGuid().ToString("n");
        Directory.CreateDirectory(making);
        foreach (var file in sources) File.WriteAllBytes(Path.Combine(making, Path.GetFileName(file)), await File.ReadAllBytesAsync(file, cancellationToken));
        await using (var build = ChildProcess.Start("dotnet", ["build", "-c", "Release", "-o", Path.Combine(making, "out"), "--nologo"], making))
        {
            if (await build.WaitForExitAsync(BuildsWithin, cancellationToken) != 0)
                throw new InvalidOperationException("The simulated publishers cannot be built:\n" + string.Join('\n', build.Output));
        }

        try
        {
            Directory.Move(making, folder);
        }
        catch (IOException) when (File.Exists(program))
        {
            Directory.Delete(making, recursive: true); // Another test run was quicker.
        }

        return program;
    }
}
