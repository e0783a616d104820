using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// One connection with its prepared statements, for one thread at a time. Statements go to SQLite directly: through ADO.NET a job
/// costs several times the garbage, and a busy database is asked again after 150 ms instead of when it is free.
/// </summary>
/// <remarks>Statements are kept by reference, so their texts must be constants.</remarks>
internal sealed class Session : IDisposable
{
    private const int BusyTimeoutMilliseconds = 10_000;

    private readonly SqliteConnection _connection;
    private readonly sqlite3 _database;
    private readonly string _path;
    private readonly Dictionary<object, sqlite3_stmt> _statements = new(ReferenceEqualityComparer.Instance);
    private byte[] _encoded = new byte[1024];

    /// <param name="path">The database.</param>
    /// <param name="vfs">SQLite's way to the files; the system's own when null.</param>
    /// <exception cref="JobDatabaseException">It cannot be opened.</exception>
    public Session(string path, string? vfs = null)
    {
        _path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            Vfs = vfs,
        }.ConnectionString);

        try
        {
            _connection.Open();
            _database = _connection.Handle!;
            Check(raw.sqlite3_busy_timeout(_database, BusyTimeoutMilliseconds));
        }
        catch (SqliteException error)
        {
            _connection.Dispose();
            throw JobDatabaseException.From(error, path);
        }
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>Rows changed since the session was opened; tells whether there was anything to tidy up.</summary>
    public long TotalChanges => raw.sqlite3_total_changes(_database);

    public long LastInsertedId => raw.sqlite3_last_insert_rowid(_database);

    public void WaitWhenBusy(bool wait) => Check(raw.sqlite3_busy_timeout(_database, wait ? BusyTimeoutMilliseconds : 0));

    /// <summary>Runs statements that are used once, such as the schema.</summary>
    public void Script(string sql) => Check(raw.sqlite3_exec(_database, sql));

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<Value> values)
    {
        var statement = Bind(sql, values);
        try
        {
            while (Step(statement))
            {
            }

            return raw.sqlite3_changes(_database);
        }
        finally
        {
            Reset(statement);
        }
    }

    /// <summary>The first column of the first row as a number; null without a row or a value.</summary>
    public long? Integer(string sql, params ReadOnlySpan<Value> values)
    {
        using var rows = Query(sql, values);
        return rows.Next() ? rows.IntegerOrNull(0) : null;
    }

    /// <summary>The first column of the first row as text; null without a row or a value.</summary>
    public string? Text(string sql, params ReadOnlySpan<Value> values)
    {
        using var rows = Query(sql, values);
        return rows.Next() ? rows.TextOrNull(0) : null;
    }

    /// <summary>The first column of every row as text.</summary>
    public List<string> Texts(string sql, params ReadOnlySpan<Value> values)
    {
        var texts = new List<string>();
        using var rows = Query(sql, values);
        while (rows.Next()) texts.Add(rows.TextOrNull(0)!);
        return texts;
    }

    public Rows Query(string sql, params ReadOnlySpan<Value> values) => new(this, Bind(sql, values));

    internal bool Step(sqlite3_stmt statement)
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW) return true;
        if (code != raw.SQLITE_DONE) Check(code);
        return false;
    }

    internal static void Reset(sqlite3_stmt statement)
    {
        // Reset repeats the error of the last step, which has been thrown already.
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        _connection.Dispose();
    }

    private sqlite3_stmt Bind(string sql, ReadOnlySpan<Value> values)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out statement));
            _statements.Add(sql, statement);
        }

        for (var index = 0; index < values.Length; index++)
        {
            var value = values[index];
            Check(value.Kind switch
            {
                ValueKind.Integer => raw.sqlite3_bind_int64(statement, index + 1, value.Integer),
                ValueKind.Real => raw.sqlite3_bind_double(statement, index + 1, value.Real),
                ValueKind.Text => BindText(statement, index + 1, value.Text!),
                ValueKind.Utf8 => raw.sqlite3_bind_text(statement, index + 1, value.Utf8),
                _ => raw.sqlite3_bind_null(statement, index + 1),
            });
        }

        return statement;
    }

    private int BindText(sqlite3_stmt statement, int index, string text)
    {
        // An empty span would be bound as null.
        if (text.Length == 0) return raw.sqlite3_bind_text(statement, index, text);

        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_encoded.Length < most)
        {
            if (most > 64 * 1024) return raw.sqlite3_bind_text(statement, index, Encoding.UTF8.GetBytes(text));
            _encoded = new byte[most];
        }

        var length = Encoding.UTF8.GetBytes(text, _encoded);
        return raw.sqlite3_bind_text(statement, index, _encoded.AsSpan(0, length));
    }

    private void Check(int code)
    {
        if (code == raw.SQLITE_OK) return;

        try
        {
            SqliteException.ThrowExceptionForRC(code, _database);
        }
        catch (SqliteException error)
        {
            throw JobDatabaseException.From(error, _path);
        }
    }
}
