using System.Data;
using System.Data.Common;
using System.Diagnostics;
using Dapper;

namespace Aggregator.Storage.Databases;

/// <summary>One connection in use, with its transaction when it writes: what a store runs its statements on.</summary>
internal sealed class StoreSession(Database database, DbConnection connection, DbTransaction? transaction, CancellationToken cancellationToken)
{
    public Database Database { get; } = database;

    public DbConnection Connection { get; } = connection;

    public DbTransaction? Transaction { get; } = transaction;

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Whether a topic got a new version in it: told to <see cref="Database.Signal"/> after the commit.</summary>
    public bool RaisesTopics { get; set; }

    /// <summary>When it began to hold numbers of snapshots that nobody else sees yet (<see cref="Stopwatch.GetTimestamp"/>); null for none.</summary>
    public long? NumberedSince { get; private set; }

    /// <summary>Says that snapshots are about to be inserted.</summary>
    public void NumbersSnapshots() => NumberedSince ??= Stopwatch.GetTimestamp();

    /// <summary>Runs a statement; the number of rows that it changed.</summary>
    public Task<int> ExecuteAsync(string statement, object? parameters = null) =>
        Connection.ExecuteAsync(Command(statement, parameters));

    /// <summary>The rows that a statement gives.</summary>
    public async Task<List<T>> ListAsync<T>(string statement, object? parameters = null) =>
        (await Connection.QueryAsync<T>(Command(statement, parameters))).AsList();

    /// <summary>The one row that a statement gives, or the default of <typeparamref name="T"/>: ask for <c>long?</c>, not <c>long</c>.</summary>
    public Task<T?> FindAsync<T>(string statement, object? parameters = null) =>
        Connection.QuerySingleOrDefaultAsync<T>(Command(statement, parameters));

    /// <summary>The rows that a statement gives, one by one: for many of few numbers, of which making objects costs more than reading them.</summary>
    public Task<DbDataReader> ReadAsync(string statement, object? parameters = null) =>
        Connection.ExecuteReaderAsync(Command(statement, parameters));

    // The type is said, because Dapper takes a statement of one word ("analyze") for a stored procedure.
    private CommandDefinition Command(string statement, object? parameters)
    {
        Database.Watch?.Invoke(statement, parameters);
        var translated = Database.Translate(statement);
        (Connection as PreparedConnection)?.Announce(translated);
        return new CommandDefinition(translated, parameters, Transaction, commandType: CommandType.Text, cancellationToken: CancellationToken);
    }
}
