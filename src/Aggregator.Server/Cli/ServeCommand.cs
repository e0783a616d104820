using System.CommandLine;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Aggregator.Server.Subscriptions;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator serve</c>, the default: web and worker, as <c>Aggregator:Roles</c> says.</summary>
internal static class ServeCommand
{
    public static Command Create(string[] configuration)
    {
        var command = new Command("serve", "Run the server: fetch the sources and publish them. This is what happens without a command.");
        command.SetAction((_, cancellationToken) => RunAsync(configuration, cancellationToken));
        return command;
    }

    /// <summary>Runs until Ctrl-C or SIGTERM.</summary>
    public static Task<int> RunAsync(string[] configuration, CancellationToken cancellationToken) =>
        CommandRunner.RunAsync(configuration, async settings =>
        {
            // The right to the store is given back when everything that used it is closed, so it comes first here.
            using var session = new StoreSession(settings, TimeProvider.System);
            await using var app = WebServer.Build(settings);
            // Before anything is made or opened; the host would do it later and log the exception besides.
            app.Services.GetRequiredService<IStartupValidator>().Validate();
            await session.OpenAsync(app.Services, cancellationToken);
            WebServer.Map(app, settings);
            if (session.IsExclusive)
            {
                await app.Services.GetRequiredService<ISourceStore>().ReleaseAllAsync(cancellationToken);
                await app.Services.GetRequiredService<ICaptureStore>().ReleaseAllAsync(cancellationToken);
                await app.Services.GetRequiredService<ISubscriberStore>().ReleaseAllAsync(TimeProvider.System.GetUtcNow(), cancellationToken);
            }

            await app.Services.GetRequiredService<CatalogueImport>().RunOnceAsync(cancellationToken);

            await app.StartAsync(cancellationToken);
            app.Services.StartJobs();
            await SayWhereAsync(app.Services, settings, cancellationToken);
            await app.WaitForShutdownAsync(cancellationToken);
            return 0;
        });

    private static async Task SayWhereAsync(IServiceProvider services, ServerSettings settings, CancellationToken cancellationToken)
    {
        if (!settings.IsWeb)
        {
            Console.WriteLine("Aggregator works on the sources; this process serves no pages (Aggregator:Roles=worker).");
            return;
        }

        var site = settings.PublicUrl.ToString().TrimEnd('/');
        Console.WriteLine($"Aggregator is ready: {site}/");
        Console.WriteLine($"Dashboard:           {site}/hangfire");
        if (await services.GetRequiredService<IAdminStore>().AnyAsync(cancellationToken)) return;

        var setup = services.GetRequiredService<SetupToken>();
        await setup.ShareAsync(cancellationToken);
        Console.WriteLine($"There is no admin yet. Make one here, once: {site}{setup.Path}");
    }
}
