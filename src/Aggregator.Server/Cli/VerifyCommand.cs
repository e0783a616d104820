using System.CommandLine;
using System.Globalization;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator verify</c>.</summary>
internal static class VerifyCommand
{
    /// <summary>Snapshots between two steps of the progress.</summary>
    private const int Step = 500;

    public static Command Create(string[] configuration)
    {
        var command = new Command(
            "verify",
            "Compute the hash of every snapshot, the root of every day and the chain of the days anew, and name what does not match, beside a running server too.");
        command.SetAction((_, cancellationToken) => CommandRunner.WithStoreAsync(
            configuration, services => WithProgressAsync(services.GetRequiredService<ISealStore>(), cancellationToken), cancellationToken, onlyReads: true));
        return command;
    }

    /// <summary>Verifies, writes a line for each thing that does not match and one summary line, and returns the exit code.</summary>
    /// <param name="seals">What is verified.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <param name="step">Told now and then how many snapshots were looked at, or null.</param>
    public static async Task<int> RunAsync(ISealStore seals, TextWriter output, CancellationToken cancellationToken, Action<long>? step = null)
    {
        var verification = new SnapshotVerification(seals) { Looked = step is null ? null : looked => { if (looked % Step == 0) step(looked); } };
        var problems = 0L;
        await foreach (var problem in verification.RunAsync(cancellationToken))
        {
            problems++;
            await output.WriteLineAsync(problem.AsMemory(), cancellationToken);
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{verification.Snapshots} snapshots ({verification.NoLongerKept} of them with their text no longer kept, {verification.Unsealed} not sealed yet), {verification.Seals} days, {problems} {(problems == 1 ? "thing does" : "things do")} not match"));
        return problems == 0 ? 0 : CommandRunner.BadResult;
    }

    private static async Task<int> WithProgressAsync(ISealStore seals, CancellationToken cancellationToken)
    {
        if (!ProgressBar.IsShown) return await RunAsync(seals, Console.Out, cancellationToken);
        // Numbers are given one after the other, so that the last sealed one says about how many there are.
        var last = (await seals.LastAsync(cancellationToken))?.LastId ?? 0;
        return await HoldingBackAsync(Console.Out, lines => ProgressBar.RunAsync(
            "verify", step => RunAsync(seals, lines, cancellationToken, looked => step(looked, Math.Max(looked, last)))));
    }

    /// <summary>Runs work and writes its lines behind it, because one between two pictures of the bar would be overwritten.</summary>
    internal static async Task<int> HoldingBackAsync(TextWriter output, Func<TextWriter, Task<int>> work)
    {
        using var lines = new StringWriter(CultureInfo.InvariantCulture);
        try
        {
            return await work(lines);
        }
        finally
        {
            // Also when it broke off: what does not match was found, and may be why.
            await output.WriteAsync(lines.ToString());
        }
    }
}
