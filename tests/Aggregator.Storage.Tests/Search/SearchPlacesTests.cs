using Aggregator.Core.Model;
using Aggregator.Core.Searching;
using Aggregator.Core.Stores;
using Aggregator.Storage.Search;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Xunit;
using Database = Aggregator.Storage.Databases.Database;

namespace Aggregator.Storage.Tests.Search;

/// <summary>What a process keeps in memory of the index, and that it follows what is done to the store, by itself and by others.</summary>
public abstract class SearchPlacesTests(StoreProvider provider) : StoreTests(provider)
{
    private const int Ten = 10;

    [Fact]
    public async Task Another_process_sees_at_once_what_changed_left_and_may_not_be_found()
    {
        var (source, ids) = await TenAsync();
        await using var other = Compose();
        var search = other.GetRequiredService<ISearchStore>();
        Assert.Equal(Ten, await CountAsync(search));

        Assert.True(await SaveAsync(source, Now.AddHours(1), write => write with
        {
            Changed = [(ids["e1"], AnEntry("e1") with { Content = "<p>something else</p>", Summary = null, ContentHash = new byte[] { 9 } })],
        }));
        await IndexAsync();
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id = @id", new { id = ids["e2"] }), Ct);
        await Database.WriteAsync(session => session.ExecuteAsync("update entry set wishes = @wishes where id = @id", new { id = ids["e3"], wishes = (int)PublisherWishes.Denied }), Ct);

        Assert.Equal(Ten - 3, await CountAsync(search));
        Assert.Equal(Ten - 3, await CountAsync(Get<ISearchStore>()));
        await Database.WriteAsync(session => session.ExecuteAsync("update entry set wishes = 0 where id = @id", new { id = ids["e3"] }), Ct);
        Assert.Equal(Ten - 2, await CountAsync(search));
    }

    [Fact]
    public async Task A_search_reads_nothing_of_the_entries_that_it_counts()
    {
        await TenAsync();
        await CountAsync(Get<ISearchStore>());
        var statements = new List<string>();
        Database.Watch = (statement, _) => statements.Add(statement);

        Assert.Equal(Ten, await CountAsync(Get<ISearchStore>(), limit: 1));

        Database.Watch = null;
        Assert.DoesNotContain(statements, statement => statement.Contains("search_place ", StringComparison.Ordinal));
        Assert.InRange(statements.Count, 3, 5); // what changed, segments, blocks, levels of sources, what is shown
    }

    [Fact]
    public async Task A_merge_reads_what_the_next_search_needs()
    {
        await TenAsync();
        await using var other = Compose();
        var search = other.GetRequiredService<ISearchStore>();
        Assert.Equal(0, await search.MergeAsync(Ct));
        var reads = 0;
        other.GetRequiredService<Database>().Watch = (statement, _) => reads += statement.Contains("from search_place ", StringComparison.Ordinal) ? 1 : 0;

        Assert.Equal(Ten, await CountAsync(search));

        Assert.Equal(0, reads);
    }

    [Fact]
    public async Task A_merge_follows_what_changed_so_that_no_search_has_much_to_catch_up_with()
    {
        var (_, ids) = await TenAsync();
        var clock = new FakeTimeProvider(Now);
        using var places = new SearchPlaces(Database, clock);
        var search = new SearchStore(Database, Get<SearchIndex>(), places, clock);
        await search.MergeAsync(Ct);
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id = @id", new { id = ids["e2"] }), Ct);
        clock.Advance(TimeSpan.FromSeconds(10));
        await search.MergeAsync(Ct);

        Database.Watch = (statement, _) => Assert.DoesNotContain("from search_place ", statement, StringComparison.Ordinal);
        Assert.Equal(Ten - 1, await CountAsync(search));
        Database.Watch = null;
    }

    [Fact]
    public async Task Who_has_not_followed_for_an_hour_begins_anew_and_changes_are_removed_after_two()
    {
        var (_, ids) = await TenAsync();
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        using var places = new SearchPlaces(Database, clock);
        var search = new SearchStore(Database, Get<SearchIndex>(), places, clock);
        Assert.Equal(Ten, await CountAsync(search));
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id = @id", new { id = ids["e2"] }), Ct);
        await places.PruneAsync(Ct);
        Assert.Equal(1, await ChangesAsync());
        clock.Advance(TimeSpan.FromHours(1.9));
        await places.PruneAsync(Ct);
        Assert.Equal(1, await ChangesAsync());
        clock.Advance(TimeSpan.FromHours(1.2));
        await places.PruneAsync(Ct);
        Assert.Equal(0, await ChangesAsync());

        Assert.Equal(Ten - 1, await CountAsync(search));
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id = @id", new { id = ids["e4"] }), Ct);
        Assert.Equal(Ten - 2, await CountAsync(search));
    }

    [Fact]
    public async Task Searches_at_once_while_entries_change_end_with_what_is_true()
    {
        var (source, ids) = await TenAsync();
        using var end = new CancellationTokenSource();
        var searching = Enumerable.Range(0, 4).Select(_ => Task.Run(
            async () =>
            {
                while (!end.IsCancellationRequested) Assert.InRange(await CountAsync(Get<ISearchStore>()), 0, Ten);
            },
            Ct)).ToList();
        for (var round = 0; round < 20; round++)
        {
            var key = $"e{round % Ten}";
            var content = round < Ten ? "<p>something else</p>" : "<p>content again</p>";
            Assert.True(await SaveAsync(source, Now.AddHours(round + 1), write => write with
            {
                Changed = [(ids[key], AnEntry(key) with { Content = content, Summary = null, ContentHash = new byte[] { (byte)(round + 20) } })],
            }));
            await IndexAsync();
            await Get<ISearchStore>().MergeAsync(Ct);
            Assert.Equal(round < Ten ? Ten - 1 - round : round - Ten + 1, await CountAsync(Get<ISearchStore>()));
        }

        await end.CancelAsync();
        await Task.WhenAll(searching);
    }

    protected static async Task<int> CountAsync(ISearchStore search, int limit = 30) =>
        (await search.SearchAsync(new SearchRequest { Query = SearchQuery.Parse("content"), Limit = limit }, Ct)).Count;

    protected async Task<(long Source, IReadOnlyDictionary<string, long> Ids)> TenAsync()
    {
        var source = await AddSourceAsync();
        var ids = await RefreshAsync(source, Now, [.. Enumerable.Range(0, Ten).Select(i => AnEntry($"e{i}"))]);
        await IndexAsync();
        return (source, ids);
    }

    protected Task<long> ChangesAsync() => Database.ReadAsync(session => session.FindAsync<long>("select count(*) from search_change"), Ct);

    private async Task IndexAsync()
    {
        while (await Get<ISearchStore>().IndexAsync(3, Now, Ct) > 0)
        {
        }
    }
}

public sealed class SqliteSearchPlacesTests() : SearchPlacesTests(StoreProvider.Sqlite)
{
    [Fact]
    public async Task A_store_whose_numbers_went_back_is_read_anew()
    {
        var (_, ids) = await TenAsync();
        await Database.WriteAsync(session => session.ExecuteAsync("insert into search_change (entry_id) values (1)"), Ct);
        Assert.Equal(10, await CountAsync(Get<ISearchStore>()));

        // As if it had been put back to an earlier state, and changed since.
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id = @id", new { id = ids["e2"] }), Ct);
        await Database.WriteAsync(session => session.ExecuteAsync("delete from search_change; update sqlite_sequence set seq = 0 where name = 'search_change'"), Ct);

        Assert.Equal(9, await CountAsync(Get<ISearchStore>()));
    }
}

public sealed class PostgreSqlSearchPlacesTests() : SearchPlacesTests(StoreProvider.PostgreSql)
{
    [Fact]
    public async Task What_is_committed_after_a_later_change_was_seen_is_seen_too()
    {
        var (_, ids) = await TenAsync();
        await using var other = Compose();
        var search = other.GetRequiredService<ISearchStore>();
        Assert.Equal(10, await CountAsync(search));

        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync(Ct);
        await using var slow = await connection.BeginTransactionAsync(Ct);
        await using (var delete = new NpgsqlCommand($"delete from entry where id = {ids["e5"]}", connection, slow)) await delete.ExecuteNonQueryAsync(Ct);
        await Database.WriteAsync(session => session.ExecuteAsync("delete from entry where id = @id", new { id = ids["e6"] }), Ct);
        Assert.Equal(9, await CountAsync(search));

        // What was seen is not looked up again for each search until then.
        var lookUps = 0;
        other.GetRequiredService<Database>().Watch = (statement, _) => lookUps += statement.Contains("from search_place ", StringComparison.Ordinal) ? 1 : 0;
        Assert.Equal(9, await CountAsync(search));
        Assert.Equal(0, lookUps);

        await slow.CommitAsync(Ct);
        Assert.Equal(8, await CountAsync(search));
    }

    [Fact]
    public async Task Changes_of_another_cluster_are_removed_at_the_start()
    {
        await Database.WriteAsync(session => session.ExecuteAsync("insert into search_change (number, entry_id) values (9000000000000, 1)"), Ct);

        await Get<SearchPlaces>().PruneAsync(Ct);

        Assert.Equal(0, await ChangesAsync());
    }
}
