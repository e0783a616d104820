using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Aggregator.Server.Tests.Testing;

/// <summary>Every row that a SQLite store holds, so that "nothing was changed" can be said of all of it.</summary>
internal static class StoreContents
{
    private static readonly TimeSpan RestsWithin = TimeSpan.FromSeconds(30);

    // When somebody was last there.
    private static readonly Dictionary<string, string[]> LeftOut = new(StringComparer.Ordinal) { ["admin_session"] = ["seen_at"], ["api_key"] = ["last_used_at"] };

    /// <summary>All rows, one line each, in order. Read-only: the owner of the store may be running.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        var tables = await TablesAsync(connection, "%", cancellationToken);
        foreach (var (table, without) in LeftOut)
            foreach (var column in without)
                if (await ListAsync(connection, $"select 1 from pragma_table_info('{table}') where name = '{column}'", cancellationToken) is [])
                    throw new InvalidOperationException($"There is no {table}.{column} to leave out.");
        var lines = new List<string>();
        foreach (var table in tables)
        {
            var without = LeftOut.GetValueOrDefault(table, []);
            var columns = (await ListAsync(connection, $"select name from pragma_table_info('{table}')", cancellationToken)).Where(column => !without.Contains(column));
            lines.AddRange((await ListAsync(connection, $"select {string.Join(", ", columns.Select(column => $"\"{column}\""))} from \"{table}\"", cancellationToken))
                .Select(row => table + ": " + row).Order(StringComparer.Ordinal));
        }

        return lines;
    }

    /// <summary>The rows once what triggers left for the background to do is done: none of the queues holds anything.</summary>
    public static async Task<IReadOnlyList<string>> ReadAtRestAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        var queues = await TablesAsync(connection, "%\\_queue", cancellationToken);
        var waits = string.Join(" union all ", queues.Select(queue => $"select '{queue}' where exists (select 1 from \"{queue}\")"));
        var started = TimeProvider.System.GetTimestamp();
        while (await ListAsync(connection, waits, cancellationToken) is { Count: > 0 } waiting)
        {
            if (TimeProvider.System.GetElapsedTime(started) > RestsWithin) throw new TimeoutException($"The store does not come to rest: {string.Join(", ", waiting)}.");
            await Task.Delay(50, cancellationToken);
        }

        return await ReadAsync(file, cancellationToken);
    }

    private static Task<List<string>> TablesAsync(SqliteConnection connection, string like, CancellationToken cancellationToken) => ListAsync(
        connection, $"select name from pragma_table_list where type = 'table' and schema = 'main' and name not like 'sqlite_%' and name like '{like}' escape '\\' order by name", cancellationToken);

    private static async Task<List<string>> ListAsync(SqliteConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(field => Written(reader.GetValue(field)))));
        return rows;
    }

    private static string Written(object value) => value switch
    {
        DBNull => "null",
        byte[] bytes => Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
