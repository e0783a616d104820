using System.Text;
using Xunit;
using Database = Aggregator.Storage.Databases.Database;

namespace Aggregator.Storage.Tests;

/// <summary>Looks into the bytes of a store.</summary>
internal static class StoreFiles
{
    private const string TableFiles = """
        select pg_relation_filepath(oid) from pg_class
        where relkind in ('r', 'i', 't') and (relnamespace = 'public'::regnamespace or relname like 'pg_toast_%') and pg_relation_filepath(oid) is not null
        """;

    /// <summary>Fails when a text can be found in them.</summary>
    public static async Task AssertAbsentAsync(Database database, string connectionString, string text)
    {
        foreach (var path in await PathsAsync(database, connectionString))
        {
            if (!File.Exists(path)) continue;
            await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
            var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
            Assert.True(at < 0, $"\"{text}\" stands at {at} of {Path.GetFileName(path)}.");
        }
    }

    private static async Task<IReadOnlyList<string>> PathsAsync(Database database, string connectionString)
    {
        var ct = TestContext.Current.CancellationToken;
        if (database.Provider == StoreProvider.Sqlite)
        {
            var file = StoreConnectionString.Parse(connectionString).FilePath!;
            return [file, file + "-wal", file + "-shm"];
        }

        await database.ReadAsync(session => session.ExecuteAsync("checkpoint"), ct);
        var folder = await database.ReadAsync(session => session.FindAsync<string>("show data_directory"), ct);
        return (await database.ReadAsync(session => session.ListAsync<string>(TableFiles), ct)).ConvertAll(path => Path.Combine(folder!, path));
    }
}
