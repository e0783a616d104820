using System.CommandLine;
using Aggregator.Server.Hosting;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(string[] configuration)
    {
        var command = new Command("migrate", "Bring the store's schema up to date and say what was done. The server does the same when it starts.");
        command.SetAction((_, cancellationToken) => CommandRunner.RunAsync(configuration, async settings =>
        {
            using var session = new StoreSession(settings, TimeProvider.System);
            await using var provider = new ServiceCollection().AddAggregatorCore(settings).BuildServiceProvider();
            var ran = await session.OpenAsync(provider, cancellationToken);
            Console.WriteLine(ran.Count == 0 ? "The schema is up to date." : $"Ran {ran.Count} migrations: {string.Join(", ", ran)}.");
            return 0;
        }));
        return command;
    }
}
