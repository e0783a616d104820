using System.CommandLine;
using Aggregator.Server.Subscriptions;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(string[] configuration)
    {
        var category = new Option<string?>("--category") { Description = "Only this category's sources.", HelpName = "SLUG" };
        var failing = new Option<bool>("--failing") { Description = "Only sources whose last fetch failed, or that are gone." };
        var secrets = new Option<bool>("--with-secrets")
        {
            Description = "Write passwords, cookies, own headers and credentials in addresses too; without it they are left out.",
        };
        var output = new Option<FileInfo?>("--output", "-o") { Description = "The file to write; standard output without it.", HelpName = "FILE" };
        var command = new Command("export", "Write all sources with their settings as a subscription list (OPML 2.0) that import reads again.")
        {
            category, failing, secrets, output,
        };
        command.SetAction((call, cancellationToken) => CommandRunner.WithStoreAsync(configuration, async services =>
        {
            var request = new ExportRequest(call.GetValue(category), call.GetValue(failing), call.GetValue(secrets));
            if (await services.GetRequiredService<SubscriptionExport>().CreateAsync(request, cancellationToken) is not { } list)
            {
                await Console.Error.WriteLineAsync($"aggregator: There is no category '{request.Slug}'.");
                return CommandRunner.BadResult;
            }

            if (call.GetValue(output) is { } file)
            {
                await File.WriteAllBytesAsync(file.FullName, list.Document, cancellationToken);
            }
            else
            {
                await using var standard = Console.OpenStandardOutput();
                await standard.WriteAsync(list.Document, cancellationToken);
            }

            if (list.WithoutSecrets > 0)
                await Console.Error.WriteLineAsync($"aggregator: {list.WithoutSecrets} sources have passwords or other secrets, which were left out; --with-secrets writes them too.");
            return 0;
        }, cancellationToken, onlyReads: true));
        return command;
    }
}
