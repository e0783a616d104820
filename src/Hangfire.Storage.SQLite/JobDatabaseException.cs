using Microsoft.Data.Sqlite;

namespace Hangfire.Storage.SQLite;

/// <summary>The job database cannot be read or written: the disk is full, the file is read-only, damaged, or no job database.</summary>
/// <param name="message">What is wrong with which file, and what helps.</param>
/// <param name="inner">SQLite's own error, if it was SQLite that noticed.</param>
public sealed class JobDatabaseException(string message, Exception? inner = null) : Exception(message, inner)
{
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int ReadOnly = 8;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;
    private const int InputOutput = 10;

    internal static JobDatabaseException From(SqliteException error, string path) => new(
        error.SqliteErrorCode switch
        {
            Full => $"The disk that holds the job database {path} is full; nothing of the last change was written. Free some space; the jobs are unharmed.",
            ReadOnly => $"The job database {path} is read-only. Give this process the right to write to the file and to its folder.",
            CannotOpen => $"The job database {path} cannot be opened. Its folder must exist, and this process must have the right to read and write there.",
            NotADatabase => $"{path} is not a job database: it is no SQLite file. It was left as it was; move it away or name another file.",
            Corrupt => $"The job database {path} is damaged. Restore a copy, or move it away to start with an empty one.",
            InputOutput => $"The disk that holds the job database {path} failed while reading or writing: {error.Message}",
            _ => $"The job database {path} refused: {error.Message}",
        },
        error);
}
