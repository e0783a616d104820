namespace Hangfire.Storage.SQLite;

/// <summary>Chooses SQLite as the job storage, with the call that the published package of this name has too.</summary>
public static class SQLiteStorageExtensions
{
    /// <summary>Keeps jobs in <c>Hangfire.db</c> in the current folder.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <returns>The configuration, for the next call.</returns>
    /// <inheritdoc cref="SQLiteStorage(string, SQLiteStorageOptions)" path="/exception"/>
    public static IGlobalConfiguration<SQLiteStorage> UseSQLiteStorage(this IGlobalConfiguration configuration) =>
        configuration.UseSQLiteStorage("Hangfire.db");

    /// <summary>Keeps jobs in a file.</summary>
    /// <param name="configuration">Hangfire's configuration.</param>
    /// <param name="nameOrConnectionString">The file's path, or <c>Data Source=</c> and its path.</param>
    /// <param name="options">How the storage behaves; null for the defaults.</param>
    /// <returns>The configuration, for the next call.</returns>
    /// <inheritdoc cref="SQLiteStorage(string, SQLiteStorageOptions)" path="/exception"/>
    public static IGlobalConfiguration<SQLiteStorage> UseSQLiteStorage(
        this IGlobalConfiguration configuration, string nameOrConnectionString, SQLiteStorageOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(nameOrConnectionString);

        return configuration.UseStorage(new SQLiteStorage(nameOrConnectionString, options ?? new SQLiteStorageOptions()));
    }
}
