using System.CommandLine;
using Aggregator.Core.Stores;
using Aggregator.Server.Hosting;
using Aggregator.Storage;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(string[] configuration)
    {
        var command = new Command("migrate", "Bring the store's schema up to date and say what was done. The server does the same when it starts.");
        command.SetAction((_, cancellationToken) => CommandRunner.RunAsync(configuration, async settings =>
        {
            await using var provider = new ServiceCollection().AddAggregatorCore(settings).BuildServiceProvider();
            Directory.CreateDirectory(settings.DataFolder);
            using var ownerLock = settings.StoreProvider == StoreProvider.Sqlite
                ? await StoreOwnerLock.TakeAsync(settings.StoreConnectionString, cancellationToken)
                : null;
            var done = await provider.GetRequiredService<IStoreMigrator>().MigrateAsync(cancellationToken);
            Console.WriteLine(done.Count == 0 ? "The schema is up to date." : $"Ran {done.Count} migrations: {string.Join(", ", done)}.");
            return 0;
        }));
        return command;
    }
}
