using System.Text;
using SQLitePCL;

namespace Hangfire.Storage.SQLite;

/// <summary>The answer to a query, row by row. Must be disposed before its session runs the same statement again.</summary>
internal readonly ref struct Rows(Session session, sqlite3_stmt statement)
{
    public bool Next() => session.Step(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Integer(int column) => raw.sqlite3_column_int64(statement, column);

    public long? IntegerOrNull(int column) => IsNull(column) ? null : Integer(column);

    public double Real(int column) => raw.sqlite3_column_double(statement, column);

    public string Text(int column) => Encoding.UTF8.GetString(Utf8(column));

    public string? TextOrNull(int column) => IsNull(column) ? null : Text(column);

    /// <summary>The text as it is stored; valid until the next row.</summary>
    public ReadOnlySpan<byte> Utf8(int column) => raw.sqlite3_column_blob(statement, column);

    public void Dispose() => Session.Reset(statement);
}
