using System.CommandLine;
using Aggregator.Server.Subscriptions;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(string[] configuration)
    {
        var category = new Option<string?>("--category") { Description = "Only this category's sources.", HelpName = "SLUG" };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "The file to write; standard output without it.", HelpName = "FILE" };
        var command = new Command("export", "Write all sources as a subscription list (OPML 2.0) that import reads again.") { category, output };
        command.SetAction((call, cancellationToken) => CommandRunner.WithStoreAsync(configuration, async services =>
        {
            var export = services.GetRequiredService<SubscriptionExport>();
            if (await export.CreateAsync(call.GetValue(category), cancellationToken) is not { } document)
            {
                await Console.Error.WriteLineAsync($"aggregator: There is no category '{call.GetValue(category)}'.");
                return CommandRunner.BadResult;
            }

            if (call.GetValue(output) is { } file)
            {
                await File.WriteAllBytesAsync(file.FullName, document, cancellationToken);
            }
            else
            {
                await using var standard = Console.OpenStandardOutput();
                await standard.WriteAsync(document, cancellationToken);
            }

            return 0;
        }, cancellationToken, onlyReads: true));
        return command;
    }
}
