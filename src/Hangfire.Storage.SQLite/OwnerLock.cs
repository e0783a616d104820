using System.Diagnostics;
using System.Globalization;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// The claim of one process on a job database: an exclusive lock on a file beside it, which the operating system takes back however
/// the process ends.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private OwnerLock(FileStream file) => _file = file;

    /// <exception cref="InvalidOperationException">Another process owns the database.</exception>
    /// <exception cref="JobDatabaseException">The lock file cannot be made or written.</exception>
    public static OwnerLock Take(string path, TimeSpan wait)
    {
        var lockPath = path + ".lock";
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                var file = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return new OwnerLock(file);
            }
            catch (Exception error) when (error is UnauthorizedAccessException or DirectoryNotFoundException)
            {
                throw CannotLock(path, error);
            }
            catch (IOException error) when (!IsTaken(error))
            {
                throw CannotLock(path, error);
            }
            catch (IOException error)
            {
                if (watch.Elapsed >= wait)
                {
                    throw new InvalidOperationException(
                        $"The job database {path} is in use by another process. SQLite job storage belongs to one process at a time: stop the other one, or use PostgreSQL to run several.",
                        error);
                }
            }

            Thread.Sleep(RetryAfter);
        }
    }

    public void Dispose() => _file.Dispose();

    // A full disk and a read-only file system are an IOException too; only the code tells. Linux, macOS and Windows each have their own.
    private static bool IsTaken(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;

    private static JobDatabaseException CannotLock(string path, Exception error) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"The job database {path} cannot be opened: its lock file {path}.lock cannot be written ({error.Message}). The folder must exist, and this process must have the right to write there."),
        error);
}
