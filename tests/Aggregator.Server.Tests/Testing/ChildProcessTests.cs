using System.Diagnostics;
using System.Globalization;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Testing;

public sealed class ChildProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static ChildProcess Shell(string script, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");
        return ChildProcess.Start("sh", ["-c", script], folder, environment);
    }

    [Fact]
    public async Task Collects_both_outputs_and_the_exit_code()
    {
        await using var child = Shell("echo one; echo 二 >&2; printf last; exit 3");

        Assert.Equal(3, await child.WaitForExitAsync(Patience));

        Assert.Equal(["one", "last"], child.StandardOutput);
        Assert.Equal(["二"], child.StandardError);
        Assert.Equal(3, child.Output.Count);
        Assert.True(child.HasExited);
    }

    [Fact]
    public async Task Passes_arguments_folder_and_environment_as_they_are()
    {
        var folder = Path.GetTempPath().TrimEnd('/');
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no POSIX shell on Windows.");
        await using var child = ChildProcess.Start(
            "sh",
            ["-c", "printf '%s\\n' \"$PWD\" \"$GREETING\" \"${HOME-unset}\" \"$@\"", "sh", "a b", "$c", "\"d\""],
            folder,
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["GREETING"] = "你 好", ["HOME"] = null });

        await child.WaitForExitAsync(Patience);

        Assert.Equal([folder, "你 好", "unset", "a b", "$c", "\"d\""], child.StandardOutput);
    }

    [Fact]
    public async Task Finds_a_line_that_came_before_and_one_that_comes_later()
    {
        await using var child = Shell("echo ready; while [ ! -e \"$FLAG\" ]; do sleep 0.05; done; echo done; sleep 600",
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["FLAG"] = Flag(out var flag) });

        Assert.Equal("ready", await child.WaitForLineAsync(line => line == "ready", Patience));
        Assert.Equal("ready", await child.WaitForLineAsync(line => line == "ready", Patience));
        var later = child.WaitForLineAsync(line => line == "done", Patience);
        await File.WriteAllTextAsync(flag, "");

        Assert.Equal("done", await later);
        File.Delete(flag);

        static string Flag(out string flag) => flag = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"));
    }

    [Fact]
    public async Task Tells_what_was_written_instead_of_the_awaited_line()
    {
        await using var ending = Shell("echo broken; exit 1");
        var ended = await Assert.ThrowsAsync<InvalidOperationException>(() => ending.WaitForLineAsync(line => line == "ready", Patience));
        Assert.Contains("exit code 1", ended.Message, StringComparison.Ordinal);
        Assert.Contains("broken", ended.Message, StringComparison.Ordinal);

        await using var silent = Shell("sleep 600");
        await Assert.ThrowsAsync<TimeoutException>(() => silent.WaitForLineAsync(line => line == "ready", TimeSpan.FromMilliseconds(50)));
        await Assert.ThrowsAsync<TimeoutException>(() => silent.WaitForExitAsync(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task Keeps_the_last_lines_only_and_the_beginning_of_a_long_one()
    {
        await using var child = Shell("i=0; while [ $i -lt 5000 ]; do echo $i; i=$((i+1)); done; head -c 100000 /dev/zero | tr '\\0' x; echo; echo end");

        await child.WaitForExitAsync(Patience);

        Assert.Equal(ChildProcess.MaxLines, child.Output.Count);
        Assert.Equal("end", child.Output[^1]);
        Assert.Equal(ChildProcess.MaxLineLength, child.Output[^2].Length);
        Assert.Equal("4999", child.Output[^3]);
    }

    [Fact]
    public async Task Interrupting_lets_the_program_end_by_itself()
    {
        await using var child = Shell("trap 'echo goodbye; exit 5' INT; echo ready; while :; do sleep 0.05; done");
        await child.WaitForLineAsync(line => line == "ready", Patience);

        await child.InterruptAsync();

        Assert.Equal(5, await child.WaitForExitAsync(Patience));
        Assert.Contains("goodbye", child.Output);
    }

    [Fact]
    public async Task Killing_takes_along_what_the_program_started_and_left_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The guard of a process group needs Linux.");
        await using var child = Shell("(sleep 600 & echo $! ; :) ; sleep 600");
        var orphan = await child.WaitForLineAsync(line => line.Length > 0, Patience);
        Assert.True(Runs(orphan));

        await child.KillAsync();

        Assert.Equal(137, child.ExitCode);
        await GoneAsync(orphan);
    }

    [Fact]
    public async Task Nothing_outlives_a_test_host_that_is_killed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The guard of a process group needs Linux.");

        // The shell stands for the test host: it starts a guarded program by the same means, and dies without a word.
        var folder = Directory.CreateTempSubdirectory("child-process-tests-");
        await using var host = ChildProcess.Start(
            "sh",
            ["-c", "mkfifo pipe; setsid sh -c \"$1\" sh sh -c 'echo $$; sleep 600' < pipe & exec 9> pipe; wait", "sh", ChildProcess.Guard],
            folder.FullName);
        var program = await host.WaitForLineAsync(line => line.Length > 0, Patience);
        Assert.True(Runs(program));

        using (var alone = Process.GetProcessById(host.Id)) alone.Kill();

        await GoneAsync(program);
        Assert.Equal(137, await host.WaitForExitAsync(Patience));
        folder.Delete(recursive: true);
    }

    // A killed process may linger as a zombie until its new parent collects it: state Z counts as gone.
    private static bool Runs(string processId)
    {
        try
        {
            var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            return stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static async Task GoneAsync(string processId)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (Runs(processId)) await Task.Delay(20, patience.Token);
    }
}
