using Aggregator.Testing;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>One database with Hangfire.PostgreSql's schema, emptied for every fact.</summary>
public sealed class PostgreSqlFixture : IStorageFixture, IAsyncLifetime
{
    private const string Empty = """
        truncate hangfire.aggregatedcounter, hangfire.counter, hangfire.hash, hangfire.job, hangfire.jobparameter, hangfire.jobqueue,
            hangfire.list, hangfire.lock, hangfire.server, hangfire."set", hangfire.state
        """;

    private PostgreSqlDatabase? _database;
    private PostgreSqlStorage? _storage;

    public string? SkipReason => PostgreSqlCluster.SkipReason;

    public async ValueTask InitializeAsync()
    {
        if (SkipReason is not null) return;

        _database = await PostgreSqlCluster.CreateDatabaseAsync(CancellationToken.None);
        var options = new PostgreSqlStorageOptions { QueuePollInterval = TimeSpan.FromMilliseconds(100), UseSlidingInvisibilityTimeout = true };
        _storage = new PostgreSqlStorage(new NpgsqlConnectionFactory(_database.ConnectionString, options), options);
    }

    public JobStorage Open()
    {
        using var connection = new NpgsqlConnection(_database!.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand(Empty, connection);
        command.ExecuteNonQuery();
        return _storage!;
    }

    public void Close(JobStorage storage)
    {
    }

    public async ValueTask DisposeAsync()
    {
        if (_database is not null) await _database.DisposeAsync();
    }
}
