using System.Globalization;
using Hangfire.Server;

namespace Hangfire.Storage.SQLite.Host;

/// <summary>Jobs that leave a line in a file when they have run: what a kill cannot take back.</summary>
public static class LoggedJob
{
    private static readonly Lock Gate = new();
    private static FileStream? _log;

    /// <summary>Chooses the file.</summary>
    public static void Open(string path) =>
        _log = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);

    /// <summary>Notes the job's id and its number. One write, so that a kill leaves the line whole or not at all.</summary>
    public static void Run(int number, PerformContext context)
    {
        var line = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{context.BackgroundJob.Id} {number}\n"));
        lock (Gate) _log!.Write(line);
    }

    /// <summary>Does nothing; its schedule is what matters.</summary>
    public static void Recur()
    {
    }
}
