using System.Diagnostics;
using Hangfire.Storage.SQLite.Host;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

/// <summary>Another process with the storage, which a test may kill.</summary>
internal sealed class HostProcess : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly Process _process;

    private HostProcess(Process process) => _process = process;

    public int ExitCode => _process.ExitCode;

    public static HostProcess Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) is "dotnet" ? path : "dotnet")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(LoggedJob).Assembly.Location);
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        return new HostProcess(Process.Start(start)!);
    }

    /// <summary>Waits for a line on its standard output.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        return await _process.StandardOutput.ReadLineAsync(limit.Token);
    }

    public async Task ExpectAsync(string line)
    {
        var said = await ReadLineAsync();
        if (said is null) Assert.Fail($"The process ended: {await _process.StandardError.ReadToEndAsync()}");
        Assert.Equal(line, said);
    }

    /// <summary>Lets it end by itself, and returns what it wrote to its standard error.</summary>
    public async Task<string> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        _process.StandardInput.Close();
        var errors = await _process.StandardError.ReadToEndAsync(limit.Token);
        await _process.WaitForExitAsync(limit.Token);
        return errors;
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
