using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace Aggregator.Server.Tests.Testing;

/// <summary>Every row that a SQLite store holds, so that "nothing was changed" can be said of all of it.</summary>
internal static class StoreContents
{
    // When somebody was last there, and what is made of the rest beside whoever writes.
    private static readonly Dictionary<string, string[]> LeftOut = new(StringComparer.Ordinal) { ["session"] = ["seen_at"], ["api_key"] = ["last_used_at"] };

    /// <summary>All rows, one line each, in order. Read-only: the owner of the store may be running.</summary>
    public static async Task<IReadOnlyList<string>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        var tables = await ListAsync(connection, "select name from pragma_table_list where type = 'table' and schema = 'main' and name not like 'sqlite_%' order by name", cancellationToken);
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

    /// <summary>The rows once nothing changes them any more: what works on them in the background has come to its end.</summary>
    public static async Task<IReadOnlyList<string>> ReadAtRestAsync(string file, CancellationToken cancellationToken)
    {
        var last = await ReadAsync(file, cancellationToken);
        for (var attempt = 0; attempt < 20; attempt++)
        {
            await Task.Delay(1_200, cancellationToken);
            var now = await ReadAsync(file, cancellationToken);
            if (now.SequenceEqual(last, StringComparer.Ordinal)) return now;
            last = now;
        }

        throw new TimeoutException("The store does not come to rest.");
    }

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
