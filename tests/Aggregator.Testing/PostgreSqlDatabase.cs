using Npgsql;

namespace Aggregator.Testing;

/// <summary>A fresh, empty database of <see cref="PostgreSqlCluster"/>, dropped when disposed.</summary>
public sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private readonly string _administration;

    internal PostgreSqlDatabase(string name, string connectionString, string administration)
    {
        Name = name;
        ConnectionString = connectionString;
        _administration = administration;
    }

    /// <summary>Its name in the cluster.</summary>
    public string Name { get; }

    /// <summary>How to reach it; beginning with <c>Host=</c>.</summary>
    public string ConnectionString { get; }

    /// <summary>Drops it, and ends whatever connection a test left open to it.</summary>
    public async ValueTask DisposeAsync()
    {
        await using var pooled = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(pooled);

        await using var connection = new NpgsqlConnection(_administration);
        await connection.OpenAsync();
        await using var drop = connection.CreateCommand();
#pragma warning disable CA2100 // A name cannot be a parameter; this one was made by PostgreSqlCluster from digits.
        drop.CommandText = $"drop database if exists {Name} with (force)";
#pragma warning restore CA2100
        await drop.ExecuteNonQueryAsync();
    }
}
