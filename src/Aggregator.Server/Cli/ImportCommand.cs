using System.CommandLine;
using Aggregator.Server.Audits;
using Aggregator.Server.Subscriptions;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator import OPML…</c>.</summary>
internal static class ImportCommand
{
    public static Command Create(string[] configuration)
    {
        var files = new Argument<FileInfo[]>("OPML") { Description = "Subscription lists.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("import", "Add the sources and categories of subscription lists. What is there already stays as it is.") { files };
        command.SetAction((call, cancellationToken) => CommandRunner.WithStoreAsync(configuration, async services =>
        {
            var import = services.GetRequiredService<SubscriptionImport>();
            var refused = false;
            foreach (var file in call.GetRequiredValue(files))
            {
                var report = await ProgressBar.RunAsync(
                    file.Name,
                    progress => import.ImportFileAsync(
                        file.FullName, cancellationToken, new ImportSteps(progress), new ImportedBy(AuditTrail.CommandLine, "import:" + file.Name, file.Name)));
                var problems = report.Problems.ToList();
                foreach (var problem in problems) await Console.Error.WriteLineAsync($"aggregator: {file.Name}: {problem}");
                Console.WriteLine($"{file.Name}: {report.Added} sources added, {report.Known} there already, {report.Refused} refused, {report.Categories} categories");
                refused |= report.Refused + problems.Count > 0;
            }

            return refused ? CommandRunner.BadResult : 0;
        }, cancellationToken));
        return command;
    }

    private sealed class ImportSteps(Action<long, long> step) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => step(value.Done, value.Total);
    }
}
