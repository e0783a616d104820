using System.Data.Common;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Aggregator.Server.Hosting;
using Aggregator.Storage;
using Hangfire.Storage.SQLite;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Cli;

/// <summary>Runs one command with its services, and turns what can go wrong into a sentence and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>The exit code of a result that is bad.</summary>
    public const int BadResult = 1;

    /// <summary>The exit code of a wrong call, a wrong setting included.</summary>
    public const int WrongCall = 2;

    /// <summary>Runs an action that needs the settings only.</summary>
    public static async Task<int> RunAsync(string[] configuration, Func<ServerSettings, Task<int>> action)
    {
        try
        {
            return await action(ServerSettings.Read(configuration));
        }
        catch (SettingException error)
        {
            return Fail(error.Message, WrongCall);
        }
        catch (OptionsValidationException error)
        {
            return Fail(string.Join(" ", error.Failures), WrongCall);
        }
        catch (Exception error) when (error is StoreSchemaException or StoreInUseException or JobDatabaseException)
        {
            return Fail(error.Message, BadResult);
        }
        catch (DbException error)
        {
            return Fail($"The store cannot be used: {error.Message} Check ConnectionStrings:Store, the file's rights and the disk.", BadResult);
        }
        catch (Exception error) when (error is UnauthorizedAccessException or IOException)
        {
            return Fail(error.Message, BadResult);
        }
        catch (OperationCanceledException)
        {
            return Fail("Broken off.", BadResult);
        }
    }

    /// <summary>Runs an action on an open store; one that only reads runs beside a server too.</summary>
    public static Task<int> WithStoreAsync(
        string[] configuration, Func<IServiceProvider, Task<int>> action, CancellationToken cancellationToken, bool onlyReads = false) =>
        RunAsync(configuration, async settings =>
        {
            var services = new ServiceCollection().AddAggregatorCore(settings);
            // One line a fetch is for a server's log; here it would stand between the lines of the result.
            if (settings.Configuration[$"Logging:LogLevel:{AggregatorTelemetry.FetchCategory}"] is null)
                services.AddLogging(logging => logging.AddFilter(AggregatorTelemetry.FetchCategory, LogLevel.Warning));
            services.AddSingleton<IPasswordHasher<Admin>, PasswordHasher<Admin>>().AddSingleton<AdminAccounts>();
            using var session = new StoreSession(settings, TimeProvider.System);
            await using var provider = services.BuildServiceProvider();
            if (onlyReads) await session.OpenForReadingAsync(provider, cancellationToken);
            else await session.OpenAsync(provider, cancellationToken);
            return await action(provider);
        });

    private static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine("aggregator: " + message);
        return exitCode;
    }
}
