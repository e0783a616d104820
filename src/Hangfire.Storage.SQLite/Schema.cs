using System.Globalization;
using System.Text;

namespace Hangfire.Storage.SQLite;

/// <summary>The version of the tables: refuses what is no job database or cannot be trusted, and brings older ones up to date.</summary>
internal static class Schema
{
    public const int Version = 1;

    /// <summary>Files up to this size are checked page by page at opening; it takes about a second per GB.</summary>
    private const long MaxCheckedBytes = 256L * 1024 * 1024;

    private const string QuickCheck = "pragma quick_check(1)";
    private const string ReadVersion = "pragma user_version";
    private const string ReadTables = "select count(*) from sqlite_schema";

    /// <summary>Looks at the file before anything is changed.</summary>
    /// <exception cref="JobDatabaseException">It is newer, foreign or damaged.</exception>
    public static void RefuseForeignOrDamaged(Session session, string path)
    {
        var version = session.Integer(ReadVersion) ?? 0;
        if (version > Version)
        {
            throw new JobDatabaseException(string.Create(CultureInfo.InvariantCulture,
                $"The job database {path} was written by a newer version (schema {version}; this one knows {Version}). It was left as it was; use the newer program."));
        }

        if (version == 0 && session.Integer(ReadTables) > 0)
            throw new JobDatabaseException($"{path} is not a job database: it holds other tables. It was left as it was; name another file.");

        if (version == 0 || new FileInfo(path).Length > MaxCheckedBytes) return;

        var verdict = session.Text(QuickCheck);
        if (!string.Equals(verdict, "ok", StringComparison.Ordinal))
        {
            throw new JobDatabaseException(
                $"The job database {path} is damaged ({verdict}). It was left as it was. Restore a copy, or move it away to start with an empty one.");
        }
    }

    /// <summary>Takes the missing steps. To be called inside a transaction.</summary>
    public static void BringUpToDate(Session session)
    {
        for (var version = session.Integer(ReadVersion) ?? 0; version < Version; version++)
            session.Script(Migration(version));
    }

    private static string Migration(long from)
    {
        if (from != 0) throw new InvalidOperationException($"There is no migration from schema {from.ToString(CultureInfo.InvariantCulture)}.");

        using var stream = typeof(Schema).Assembly.GetManifestResourceStream("Schema.sql")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd() + "pragma user_version = 1;";
    }
}
