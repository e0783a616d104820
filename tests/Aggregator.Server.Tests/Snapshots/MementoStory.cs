using System.Globalization;
using Aggregator.Core.Snapshots;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>An article that was published, edited, edited again and reverted, an hour or two apart, and fetched after each.</summary>
public sealed class MementoStory : IAsyncLifetime
{
    internal static readonly string[] Titles = ["大桥封闭", "大桥限行", "大桥限行至周五", "大桥封闭"];

    private readonly List<Snapshot> _versions = [];

    internal EditedArticle Article { get; private set; } = null!;

    internal IReadOnlyList<Snapshot> Versions => _versions;

    /// <summary>Follows no redirect.</summary>
    internal HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Article = await EditedArticle.StartAsync();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { BaseAddress = Article.Site.Address };
        foreach (var title in Titles)
        {
            _versions.Add(await Article.PublishAsync(title, "陈港生", $"<p>{title}。</p><p>市政府表示将尽快修复。</p>"));

            // The same again, in other markup, is no version.
            await Article.PublishAsync(title, "陈港生", $"<p>{title}。</p>\n\n<p class='ad-{title.Length}'>市政府表示将尽快修复。</p>");
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Article.DisposeAsync();
    }

    /// <summary>A story for a test that changes it.</summary>
    internal static async Task<MementoStory> StartAsync()
    {
        var story = new MementoStory();
        await story.InitializeAsync();
        return story;
    }

    internal Uri AddressOf(Snapshot snapshot) => new(
        Article.Site.Address, string.Create(CultureInfo.InvariantCulture, $"/articles/{snapshot.EntryId}/snapshots/{SnapshotStamp.Of(snapshot.CapturedAt)}"));

    /// <summary>Adds versions, one a minute, until there are so many; what they say is what the first one says.</summary>
    internal void Multiply(int count)
    {
        using var connection = new SqliteConnection(Article.Site.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            with recursive s (n) as (select 5 union all select n + 1 from s where n < @count)
            insert into snapshot (entry_id, number, kind, captured_at, title, changes, content_hash, sha256)
            select entry_id, n, kind, (select max(captured_at) from snapshot) + n * 60000, title, changes, content_hash, sha256 from s, snapshot where id = @first;
            insert into snapshot_document (snapshot_id, document)
            select id, (select document from snapshot_document where snapshot_id = @first) from snapshot where number > 4;
            update entry set version = @count;
            """;
        command.Parameters.AddWithValue("@count", count);
        command.Parameters.AddWithValue("@first", _versions[0].Id);
        command.ExecuteNonQuery();
    }

    /// <summary>Removes texts as retention does.</summary>
    internal void LetGo(params IReadOnlyList<Snapshot> snapshots)
    {
        using var connection = new SqliteConnection(Article.Site.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        var ids = string.Join(", ", snapshots.Select(snapshot => snapshot.Id));
        command.CommandText = $"delete from snapshot_document where snapshot_id in ({ids}); update snapshot set removal = 1 where id in ({ids})";
        command.ExecuteNonQuery();
    }
}
