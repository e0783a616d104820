using Microsoft.Data.Sqlite;

namespace Aggregator.Storage.Databases;

/// <summary>
/// A connection that keeps the statements it has run prepared: reading one and planning it takes SQLite longer than most of ours run, and the
/// program runs the same few hundred for years. (SQLite prepares them anew by itself when the schema or its statistics change.)
/// </summary>
internal sealed class PreparedConnection(string connectionString) : SqliteConnection(connectionString)
{
    /// <summary>How many statements one connection keeps, some kilobytes each; those that were not used for longest leave first.</summary>
    public const int MaxKept = 64;

    /// <summary>The longest text or blob, in characters or bytes, after which a statement is kept: SQLite holds its copy until the next use.</summary>
    public const int MaxKeptValue = 64 * 1024;

    private readonly Dictionary<string, LinkedListNode<KeptCommand>> _kept = new(StringComparer.Ordinal);
    private readonly LinkedList<KeptCommand> _order = new();
    private string? _announced;
    private bool _closes;

    /// <summary>Says which statement the next command will run. Whoever makes a command without that gets one that nobody keeps.</summary>
    public void Announce(string statement) => _announced = statement;

    /// <inheritdoc />
    public override SqliteCommand CreateCommand()
    {
        if (_announced is not { } statement) return base.CreateCommand();
        _announced = null;
        if (!_kept.Remove(statement, out var node)) return new KeptCommand(this, statement) { Transaction = Transaction };
        _order.Remove(node);
        node.Value.Transaction = Transaction;
        return node.Value;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _closes = true;
            foreach (var command in _order) command.End();
            _order.Clear();
            _kept.Clear();
        }

        base.Dispose(disposing);
    }

    private bool Keep(KeptCommand command)
    {
        // Of two of the same that were in use at once, one is enough.
        if (_closes || _kept.ContainsKey(command.Statement)) return false;
        _kept.Add(command.Statement, _order.AddLast(command));
        if (_order.Count <= MaxKept) return true;
        var oldest = _order.First!.Value;
        _order.RemoveFirst();
        _kept.Remove(oldest.Statement);
        oldest.End();
        return true;
    }

    /// <summary>A command that goes back to its connection when its user has done with it.</summary>
    private sealed class KeptCommand : SqliteCommand
    {
        private readonly PreparedConnection _connection;
        private bool _ends;

        public KeptCommand(PreparedConnection connection, string statement)
        {
            _connection = connection;
            Statement = statement;
            Connection = connection;
            CommandTimeout = connection.DefaultTimeout;
#pragma warning disable CA2100 // Written beside the store that runs it.
            CommandText = statement;
#pragma warning restore CA2100
        }

        public string Statement { get; }

        public void End()
        {
            _ends = true;
            Dispose();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_ends && _connection.State == System.Data.ConnectionState.Open && DataReader is null && CommandText == Statement && !HoldsMuch())
            {
                Parameters.Clear();
                if (_connection.Keep(this)) return;
            }

            base.Dispose(disposing);
        }

        private bool HoldsMuch()
        {
            foreach (SqliteParameter parameter in Parameters)
                if (parameter.Value is string { Length: > MaxKeptValue } or byte[] { Length: > MaxKeptValue })
                    return true;
            return false;
        }
    }
}
