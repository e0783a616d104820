using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Aggregator.Storage;

/// <summary>Where the store lies: a connection string of which we know for which database it is.</summary>
public sealed class StoreConnectionString
{
    private const string Forms = "it has to be \"Data Source=path/to/store.db\" for SQLite or \"Host=…;Database=…;Username=…\" for PostgreSQL";

    /// <summary>
    /// The most connections of one process to PostgreSQL when the connection string does not say (<c>Maximum Pool Size</c>): with
    /// <see cref="MaxJobConnections"/> two processes stay below the 100 that PostgreSQL lets in by default, three of them for its superuser.
    /// </summary>
    public const int MaxConnections = 30;

    /// <summary>The most further connections of one process for its jobs, which have a pool of their own.</summary>
    public const int MaxJobConnections = 15;

    private static readonly string[] PoolSizeWords = ["Maximum Pool Size", "MaxPoolSize"];

    private StoreConnectionString(StoreProvider provider, string value, string? filePath)
    {
        Provider = provider;
        Value = value;
        FilePath = filePath;
    }

    /// <summary>The database that it is for.</summary>
    public StoreProvider Provider { get; }

    /// <summary>The text for the provider. It may hold a password: never show or log it.</summary>
    public string Value { get; }

    /// <summary>The text for a pool beside the store's: with <see cref="MaxJobConnections"/> when it did not say how many it may have.</summary>
    public string ValueForJobs { get; private init; } = "";

    /// <summary>The absolute path of the SQLite file; null for PostgreSQL.</summary>
    public string? FilePath { get; }

    /// <summary>Reads a connection string and chooses the provider: <c>Data Source=</c> is SQLite, <c>Host=</c> is PostgreSQL.</summary>
    /// <exception cref="ArgumentException">It is neither, both, malformed, or an in-memory database, which could not be shared by readers and writer.</exception>
    public static StoreConnectionString Parse(string connectionString)
    {
        ArgumentNullException.ThrowIfNull(connectionString);
        var words = new DbConnectionStringBuilder();
        try
        {
            words.ConnectionString = connectionString;
        }
        catch (ArgumentException exception)
        {
            // The parser's own message repeats the text, which may hold a password.
            throw new ArgumentException($"The store's connection string is malformed: {Forms}.", nameof(connectionString), exception.InnerException);
        }

        var file = words.ContainsKey("Data Source") || words.ContainsKey("DataSource") || words.ContainsKey("Filename");
        var host = words.ContainsKey("Host") || words.ContainsKey("Server");
        if (file == host)
            throw new ArgumentException($"The store's connection string names no database that we know: {Forms}.", nameof(connectionString));

        return host ? ParsePostgreSql(connectionString, hasPoolSize: Array.Exists(PoolSizeWords, words.ContainsKey)) : ParseSqlite(connectionString);
    }

    private static StoreConnectionString ParsePostgreSql(string connectionString, bool hasPoolSize)
    {
        // It also finds a misspelt keyword now and not at the first query; its message names the keyword, not the value.
        var words = new NpgsqlConnectionStringBuilder(connectionString);
        return new StoreConnectionString(StoreProvider.PostgreSql, WithPoolSize(MaxConnections), filePath: null) { ValueForJobs = WithPoolSize(MaxJobConnections) };

        string WithPoolSize(int size)
        {
            if (hasPoolSize) return connectionString;
            words.MaxPoolSize = Math.Max(size, words.MinPoolSize);
            return words.ConnectionString;
        }
    }

    private static StoreConnectionString ParseSqlite(string connectionString)
    {
        var sqlite = new SqliteConnectionStringBuilder(connectionString);
        if (sqlite.Mode == SqliteOpenMode.Memory || sqlite.DataSource is "" or ":memory:" || sqlite.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"The store needs a SQLite file with a path of its own: {Forms}.", nameof(connectionString));

        var path = Path.GetFullPath(sqlite.DataSource);
        return new StoreConnectionString(
            StoreProvider.Sqlite, new SqliteConnectionStringBuilder(connectionString) { DataSource = path }.ConnectionString, path);
    }
}
