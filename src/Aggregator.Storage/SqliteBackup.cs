using Microsoft.Data.Sqlite;

namespace Aggregator.Storage;

/// <summary>
/// Copies a SQLite file while others, in this process or another, write to it: <c>vacuum into</c> reads one consistent state of the
/// write-ahead log and makes nobody wait. The copy is one file without a log, and holds nothing of what was deleted.
/// </summary>
public static class SqliteBackup
{
    /// <summary>Writes the copy; it appears under its name only when it is whole, readable by its owner alone.</summary>
    /// <param name="source">The file to copy.</param>
    /// <param name="target">The file to make.</param>
    /// <param name="cancellationToken">Is looked at before the copying, which cannot be broken off.</param>
    /// <exception cref="IOException">The source does not exist, the target does, or it cannot be written.</exception>
    public static Task CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(source);
        ArgumentException.ThrowIfNullOrEmpty(target);
        if (!File.Exists(source)) throw new FileNotFoundException($"There is no {source} to make a copy of.", source);
        if (File.Exists(target)) throw new IOException($"{target} is there already. Name a file that is not, or delete it first.");
        return Task.Run(() => Copy(source, target), cancellationToken);
    }

    private static void Copy(string source, string target)
    {
        var part = target + ".part";
        File.Delete(part);
        try
        {
            // An empty file is what "vacuum into" accepts; it is made here so that nobody else could ever read it.
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using (new FileStream(part, options))
            {
            }

            var connectionString = new SqliteConnectionStringBuilder { DataSource = source, Mode = SqliteOpenMode.ReadWrite, Pooling = false };
            using (var connection = new SqliteConnection(connectionString.ConnectionString))
            {
                connection.Open();
                using var command = connection.CreateCommand();
                command.CommandTimeout = 0; // As long as it takes.
                command.CommandText = "vacuum into $file";
                command.Parameters.AddWithValue("$file", part);
                command.ExecuteNonQuery();
            }

            File.Move(part, target, overwrite: false);
        }
        catch
        {
            File.Delete(part);
            throw;
        }
    }
}
