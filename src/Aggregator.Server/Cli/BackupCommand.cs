using System.CommandLine;
using Aggregator.Server.Settings;
using Aggregator.Storage;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator backup FILE</c>.</summary>
internal static class BackupCommand
{
    public static Command Create(string[] configuration)
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The file to make: a copy of store.db, or, with the extension .zip, of store.db and jobs.db." };
        var command = new Command("backup", "Make a consistent copy of a SQLite store, beside a running server too.") { file };
        command.SetAction((call, cancellationToken) => CommandRunner.RunAsync(configuration, async settings =>
        {
            var target = call.GetRequiredValue(file).FullName;
            if (settings.Store.FilePath is not { } store)
            {
                await Console.Error.WriteLineAsync("aggregator: The store is in PostgreSQL: make its backup with pg_dump.");
                return CommandRunner.BadResult;
            }

            var bytes = await ProgressBar.RunAsync("backup", async _ =>
            {
                // SQLite does not say how far it is.
                if (Path.GetExtension(target).Equals(".zip", StringComparison.OrdinalIgnoreCase)) await WriteArchiveAsync(settings, target, cancellationToken);
                else await SqliteBackup.CopyAsync(store, target, cancellationToken);
                return new FileInfo(target).Length;
            });
            Console.WriteLine($"{target}: {bytes} bytes");
            return 0;
        }));
        return command;
    }

    private static async Task WriteArchiveAsync(Hosting.ServerSettings settings, string target, CancellationToken cancellationToken)
    {
        using var archive = new BackupArchive(settings);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var output = new FileStream(target, options);
        try
        {
            await archive.WriteAsync(output, cancellationToken);
        }
        catch
        {
            File.Delete(target); // Half a backup is none.
            throw;
        }
    }
}
