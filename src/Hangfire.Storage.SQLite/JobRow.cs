namespace Hangfire.Storage.SQLite;

/// <summary>A job with its current state, as a list of the dashboard shows it.</summary>
internal sealed record JobRow(
    long Id, StoredInvocation Invocation, string? State, string? Reason, DateTime? StateAt, Dictionary<string, string> Data)
{
    /// <summary>Reads the columns <c>id, invocation, arguments, state, reason, created_at, data</c>, the last three of the state.</summary>
    public static JobRow Read(Rows rows) => new(
        rows.Integer(0),
        StoredInvocation.Read(rows.Text(1), rows.TextOrNull(2)),
        rows.TextOrNull(3),
        rows.TextOrNull(4),
        Clock.ToDateTime(rows.IntegerOrNull(5)),
        StateText.Read(rows.Utf8(6)));
}
