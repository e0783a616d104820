using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Aggregator.Server.Tests.Capture;

/// <summary>The real program on a store of its own, which the test looks into from outside, before, while and after it runs.</summary>
internal sealed class CapturingServer : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly PostgreSqlDatabase? _database;
    private readonly ServiceProvider _services;
    private readonly string[] _settings;

    private CapturingServer(PostgreSqlDatabase? database, string[] settings)
    {
        _database = database;
        ConnectionString = database?.ConnectionString ?? $"Data Source={_folder.File("data/store.db")}";
        _services = new ServiceCollection().AddAggregatorStore(ConnectionString).BuildServiceProvider();
        _settings =
        [
            "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Refresh:CheckEvery=00:00:01", "--Publish:MaxAge=00:00:00",
            .. database is null ? Array.Empty<string>() : [$"--ConnectionStrings:Store={database.ConnectionString}"], .. settings,
        ];
    }

    public string ConnectionString { get; }

    public RunningAggregator Program { get; private set; } = null!;

    public ISnapshotStore Snapshots => Get<ISnapshotStore>();

    public ICaptureStore Captures => Get<ICaptureStore>();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Makes a store with these sources, of which every page is captured; the program is not running yet.</summary>
    public static async Task<CapturingServer> PrepareAsync(StoreProvider provider, CapturePolicy policy, IEnumerable<string> feeds, params string[] settings)
    {
        Assert.SkipWhen(provider == StoreProvider.PostgreSql && PostgreSqlCluster.SkipReason is not null, PostgreSqlCluster.SkipReason ?? "");
        var server = new CapturingServer(provider == StoreProvider.PostgreSql ? await PostgreSqlCluster.CreateDatabaseAsync(Ct) : null, settings);
        var migrated = await server.RunAsync("migrate");
        Assert.True(migrated.ExitCode == 0, string.Join('\n', migrated.Error));
        foreach (var feed in feeds)
        {
            var added = await server.Get<ISourceStore>().AddAsync(new NewSource { Url = feed }, DateTimeOffset.UtcNow, Ct);
            Assert.True(await server.Get<ISourceStore>().SetCaptureAsync(added.Id, policy, DateTimeOffset.UtcNow, Ct));
        }

        return server;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task StartAsync() => Program = await RunningAggregator.StartAsync(_folder.Path, Ct, _settings);

    /// <summary>Kills it, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        await Program.Process.KillAsync(Ct);
        await Program.DisposeAsync();
    }

    public async Task StopAsync()
    {
        await Program.Process.InterruptAsync(Ct);
        await Program.Process.WaitForExitAsync(TimeSpan.FromSeconds(60), Ct);
        await Program.DisposeAsync();
    }

    public Task<(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Error)> RunAsync(params string[] arguments) =>
        RunningAggregator.RunAsync(_folder.Path, Ct, [.. arguments, .. _settings]);

    public Task<T> UntilAsync<T>(Func<Task<T>> ask, Predicate<T> isRight, TimeSpan within, Func<T, string> describe) =>
        RunningAggregator.UntilAsync(ask, isRight, within, answer => describe(answer) + "\n" + string.Join('\n', Program.Process.StandardError.TakeLast(30)), Ct);

    /// <summary>The first column of each row of a question.</summary>
    public async Task<IReadOnlyList<string?>> AskAsync(string question)
    {
        await using System.Data.Common.DbConnection connection = _database is null ? new SqliteConnection(ConnectionString) : new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Ct);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Written in the tests.
        command.CommandText = question;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(Ct);
        var rows = new List<string?>();
        while (await reader.ReadAsync(Ct)) rows.Add(reader.IsDBNull(0) ? null : Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture));
        return rows;
    }

    public async Task<IReadOnlyList<Snapshot>> VersionsAsync(long entryId) => await Snapshots.ListAsync(entryId, 0, Ct);

    public async ValueTask DisposeAsync()
    {
        if (Program is not null) await Program.DisposeAsync();
        await _services.DisposeAsync();
        SqliteConnection.ClearAllPools();
        if (_database is not null) await _database.DisposeAsync();
        _folder.Dispose();
    }
}
