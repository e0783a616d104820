using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Aggregator.Testing;

/// <summary>
/// A program that a test starts, watches and ends. It and everything it starts end with the test host, even when that is
/// killed: on Linux it leads a process group of its own, beside a guard that waits for the host's end of a pipe to close and
/// then kills the group. (The kernel's parent-death signal would not do: it is tied to the thread that started the child,
/// and does not reach grandchildren.)
/// </summary>
/// <remarks>The program's standard input is empty.</remarks>
public sealed class ChildProcess : IAsyncDisposable
{
    /// <summary>How many of the last lines are kept.</summary>
    public const int MaxLines = 4_000;

    /// <summary>How many characters of a line are kept; the rest of a longer one is dropped.</summary>
    public const int MaxLineLength = 8_192;

    // "exec" makes the program itself the group's leader, so that its number, its exit code and its signals are the real ones.
    internal const string Guard =
        "exec 3<&0; { read -r _ <&3; kill -s KILL -- -$$; } >/dev/null 2>&1 & exec \"$@\" </dev/null 3<&-";

    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly string _name;
    private readonly Lock _gate = new();
    private readonly Queue<Line> _lines = new();
    private readonly List<Waiter> _waiters = [];
    private readonly Task _watched;
    private bool _ended;
    private bool _disposed;

    private ChildProcess(Process process, string name)
    {
        _process = process;
        _name = name;
        Id = process.Id;
        _watched = WatchAsync();
    }

    /// <summary>Its process number.</summary>
    public int Id { get; }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code; 128 and the signal's number after a signal.</summary>
    /// <exception cref="InvalidOperationException">It still runs.</exception>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last <see cref="MaxLines"/> lines of both outputs, in the order in which they arrived.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_gate) return [.. _lines.Select(line => line.Text)];
        }
    }

    /// <summary>Those of <see cref="Output"/> that came from standard output.</summary>
    public IReadOnlyList<string> StandardOutput
    {
        get
        {
            lock (_gate) return [.. _lines.Where(line => !line.IsError).Select(line => line.Text)];
        }
    }

    /// <summary>Those of <see cref="Output"/> that came from standard error.</summary>
    public IReadOnlyList<string> StandardError
    {
        get
        {
            lock (_gate) return [.. _lines.Where(line => line.IsError).Select(line => line.Text)];
        }
    }

    /// <summary>Starts a program.</summary>
    /// <param name="fileName">The program, by path or by name.</param>
    /// <param name="arguments">Its arguments, unquoted.</param>
    /// <param name="workingDirectory">Its working folder; null means the test host's.</param>
    /// <param name="environment">Variables to set, or with null to remove, in the test host's own environment.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">Elsewhere than on Linux: there is no such program. On Linux it
    /// starts and ends at once with exit code 127 (126 for a file that is no program) and says so on standard error.</exception>
    public static ChildProcess Start(
        string fileName,
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string?>? environment = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(fileName);
        ArgumentNullException.ThrowIfNull(arguments);
        var start = new ProcessStartInfo
        {
            FileName = fileName,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (OperatingSystem.IsLinux())
        {
            start.FileName = "setsid";
            // Who runs in the background of a shell ignores Ctrl-C, and so would its children: they get their signals back.
            foreach (var argument in (string[])["env", "--default-signal=INT,QUIT", "sh", "-c", Guard, "sh", fileName]) start.ArgumentList.Add(argument);
        }

        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>(StringComparer.Ordinal)) start.Environment[name] = value;

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{fileName} did not start.");
        if (!OperatingSystem.IsLinux()) process.StandardInput.Close();
        return new ChildProcess(process, Path.GetFileName(fileName));
    }

    /// <summary>Waits for a line of either output; lines that came before the call count, as far as they are kept.</summary>
    /// <returns>The first line that <paramref name="predicate"/> accepts.</returns>
    /// <exception cref="TimeoutException">None came in time. The message ends with the last lines that did.</exception>
    /// <exception cref="InvalidOperationException">The program ended without it. The message ends with its last lines.</exception>
    public async Task<string> WaitForLineAsync(Func<string, bool> predicate, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var waiter = new Waiter(predicate, new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_gate)
        {
            if (_lines.FirstOrDefault(line => predicate(line.Text)) is { } seen) return seen.Text;
            if (_ended) throw Ended();
            _waiters.Add(waiter);
        }

        try
        {
            return await waiter.Found.Task.WaitAsync(timeout, cancellationToken);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{_name} did not write the awaited line within {timeout}.{Tail()}"), late);
        }
        finally
        {
            lock (_gate) _waiters.Remove(waiter);
        }
    }

    /// <summary>Waits until it has ended and its output is read.</summary>
    /// <returns>Its exit code.</returns>
    /// <exception cref="TimeoutException">It still runs. The message ends with its last lines.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        try
        {
            await _watched.WaitAsync(timeout, cancellationToken);
            return _process.ExitCode;
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"{_name} did not end within {timeout}.{Tail()}"), late);
        }
    }

    /// <summary>Ends it with SIGINT, as Ctrl-C does, and leaves what it started to it. Does nothing when it has ended.</summary>
    /// <remarks>The task ends when the signal is sent; <see cref="WaitForExitAsync"/> waits for the effect.</remarks>
    /// <exception cref="PlatformNotSupportedException">This system has no signals.</exception>
    public async Task InterruptAsync(CancellationToken cancellationToken = default)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("There is no SIGINT on Windows.");
        if (_process.HasExited) return;
        using var kill = Process.Start("sh", ["-c", "kill -INT \"$1\"", "sh", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Ends it and everything that it started with SIGKILL and waits until it is gone. Does nothing when it has ended.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        Kill();
        await _watched.WaitAsync(cancellationToken);
    }

    /// <summary>Kills whatever is left of it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_disposed) return;
        _disposed = true;
        Kill();
        await _watched;
        _process.Dispose();
    }

    private void Kill()
    {
        // The guard kills the group: the program, what it started and what it left behind. Killing the process tree instead
        // would miss the latter, and take the guard along. The group's number cannot have gone to another program meanwhile,
        // because the guard itself is a member.
        if (OperatingSystem.IsLinux()) _process.StandardInput.Close();
        else if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    private async Task WatchAsync()
    {
        var outputs = Task.WhenAll(ReadAsync(_process.StandardOutput, isError: false), ReadAsync(_process.StandardError, isError: true));
        await _process.WaitForExitAsync();

        // What outlives the program holds its outputs open. It has a moment to say its last word, then it is killed; and what
        // made itself a group of its own is not waited for.
        if (await Task.WhenAny(outputs, Task.Delay(LastWord)) != outputs)
        {
            Kill();
            await Task.WhenAny(outputs, Task.Delay(LastWord));
        }

        lock (_gate)
        {
            _ended = true;
            foreach (var waiter in _waiters) waiter.Found.TrySetException(Ended());
        }
    }

    private async Task ReadAsync(StreamReader output, bool isError)
    {
        var line = new StringBuilder();
        var buffer = new char[4_096];
        int read;
        while ((read = await output.ReadAsync(buffer)) > 0)
            foreach (var c in buffer.AsSpan(0, read))
                if (c == '\n') Add();
                else if (c != '\r' && line.Length < MaxLineLength) line.Append(c);
        if (line.Length > 0) Add();

        void Add()
        {
            var text = line.ToString();
            line.Clear();
            lock (_gate)
            {
                if (_lines.Count == MaxLines) _lines.Dequeue();
                _lines.Enqueue(new Line(text, isError));
                foreach (var waiter in _waiters)
                    if (waiter.Predicate(text)) waiter.Found.TrySetResult(text);
            }
        }
    }

    private InvalidOperationException Ended() =>
        new(string.Create(CultureInfo.InvariantCulture, $"{_name} ended with exit code {_process.ExitCode} without the awaited line.{Tail()}"));

    private string Tail()
    {
        lock (_gate) return _lines.Count == 0 ? " It wrote nothing." : " Its last lines:\n" + string.Join('\n', _lines.TakeLast(40).Select(line => line.Text));
    }

    private sealed record Line(string Text, bool IsError);

    private sealed record Waiter(Func<string, bool> Predicate, TaskCompletionSource<string> Found);
}
