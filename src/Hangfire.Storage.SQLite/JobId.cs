using System.Globalization;

namespace Hangfire.Storage.SQLite;

/// <summary>Job ids as Hangfire sees them: text. Whatever is not one of ours names no job, and that is no error.</summary>
internal static class JobId
{
    public static bool TryParse(string id, out long value) =>
        long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
