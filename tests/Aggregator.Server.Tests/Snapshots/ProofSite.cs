using System.Net;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Snapshots;
using Aggregator.Storage;
using Aggregator.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>The proofs on Kestrel on a free port of the loopback interface, over a SQLite store of their own.</summary>
internal sealed class ProofSite : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder;

    private ProofSite(WebApplication app, FakeTimeProvider clock, TemporaryFolder folder)
    {
        (_app, Clock, _folder) = (app, clock, folder);
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = new Uri(app.Urls.First() + "/") };
    }

    public FakeTimeProvider Clock { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public string Folder => _folder.Path;

    public ISnapshotStore Snapshots => Services.GetRequiredService<ISnapshotStore>();

    public static async Task<ProofSite> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var clock = new FakeTimeProvider(Start);
        var folder = new TemporaryFolder();
        builder.Services.AddRouting();
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddAggregatorStore("Data Source=" + folder.File("store.db"));
        builder.Services.AddSingleton(new SiteLinks(new Uri("https://news.example.net/")));
        builder.Services.AddProofs();
        var app = builder.Build();
        app.UseRouting();
        app.MapProofs();
        await app.Services.GetRequiredService<IStoreMigrator>().MigrateAsync(default);
        await app.StartAsync();
        return new ProofSite(app, clock, folder);
    }

    /// <summary>Stores entries of these keys as a refresh at the clock's time would; their numbers by key.</summary>
    public async Task<IReadOnlyDictionary<string, long>> AddAsync(params string[] keys)
    {
        var now = Clock.GetUtcNow();
        var sources = Services.GetRequiredService<ISourceStore>();
        var refreshes = Services.GetRequiredService<IRefreshStore>();
        var id = (await sources.AddAsync(new NewSource { Url = "https://news.example.org/feed" }, now, default)).Id;
        var source = (await sources.ClaimAsync(id, "tests", now, now.AddMinutes(5), default))!;
        var entries = keys.Select(key => new Entry
        {
            Key = key,
            Url = "https://news.example.org/" + key,
            Title = "标题 " + key,
            Content = $"<p>正文 {key}</p>",
            ContentHash = SHA256.HashData(Encoding.UTF8.GetBytes(key)),
        });
        if (!await refreshes.SaveAsync(new RefreshWrite { Source = source with { LastDocumentAt = now }, LeaseOwner = "tests", At = now, Added = [.. entries] }, default))
            throw new InvalidOperationException("The lease was lost.");
        return (await refreshes.FindKnownAsync(id, keys, [], default)).ToDictionary(entry => entry.Key, entry => entry.Id);
    }

    /// <summary>Lets the day end and its seal be made.</summary>
    public Task SealDayAsync()
    {
        Clock.SetUtcNow(new DateTimeOffset(Clock.GetUtcNow().UtcDateTime.Date.AddDays(1).AddHours(8), TimeSpan.Zero));
        return new SealJob(Services.GetRequiredService<ISealStore>(), Clock, NullLogger<SealJob>.Instance).RunAsync(default);
    }

    /// <summary>Changes the store behind the program's back.</summary>
    public void Tamper(string statement)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File("store.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
