using System.CommandLine;
using System.Globalization;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator verify</c>.</summary>
internal static class VerifyCommand
{
    public static Command Create(string[] configuration)
    {
        var command = new Command(
            "verify",
            "Compute the hash of every snapshot, the root of every day and the chain of the days anew, and name what does not match, beside a running server too.");
        command.SetAction((_, cancellationToken) => CommandRunner.WithStoreAsync(
            configuration, services => RunAsync(services.GetRequiredService<ISealStore>(), Console.Out, cancellationToken), cancellationToken, onlyReads: true));
        return command;
    }

    /// <summary>Verifies, writes a line for each thing that does not match and one summary line, and returns the exit code.</summary>
    public static async Task<int> RunAsync(ISealStore seals, TextWriter output, CancellationToken cancellationToken)
    {
        var verification = new SnapshotVerification(seals);
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
}
