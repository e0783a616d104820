using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Storage.Tests.Audits;

public abstract class AuditStoreTests(StoreProvider provider) : StoreTests(provider)
{
    private static readonly AuditedChange Paused = new()
    {
        Actor = "安娜 (key: CI)",
        Action = "source.pause",
        Subject = "source:12",
        Before = """{"state":"active"}""",
        After = """{"state":"paused"}""",
    };

    private IAuditStore Audit => Get<IAuditStore>();

    [Fact]
    public async Task Keeps_a_change_as_it_was_told()
    {
        var id = await Audit.AddAsync(Paused, Now, Ct);
        var bare = new AuditedChange { Actor = "bob", Action = "account.remove", Subject = "account:eve" };
        await Audit.AddAsync(bare, Now.AddMinutes(1), Ct);

        var records = await Audit.ListAsync(subject: null, before: null, 10, Ct);
        Assert.Equal([bare, Paused], records.Select(record => record.Change));
        Assert.Equal(new AuditRecord(id, Now, Paused), records[1]);
    }

    [Fact]
    public async Task Pages_by_number_and_by_subject()
    {
        for (var i = 0; i < 7; i++) await Audit.AddAsync(Paused with { Subject = "source:" + (i % 2) }, Now.AddSeconds(i), Ct);

        var first = await Audit.ListAsync(subject: null, before: null, 3, Ct);
        var second = await Audit.ListAsync(subject: null, first[^1].Id, 100, Ct);
        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(i => Now.AddSeconds(i)), first.Concat(second).Select(record => record.At));

        var odd = await Audit.ListAsync("source:1", before: null, 100, Ct);
        Assert.Equal([Now.AddSeconds(5), Now.AddSeconds(3), Now.AddSeconds(1)], odd.Select(record => record.At));
        Assert.Equal([Now.AddSeconds(1)], (await Audit.ListAsync("source:1", odd[1].Id, 100, Ct)).Select(record => record.At));
        Assert.Empty(await Audit.ListAsync("source", before: null, 100, Ct));
    }

    [Fact]
    public async Task Refuses_what_has_no_name_and_what_is_too_long()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Audit.AddAsync(Paused with { Actor = " " }, Now, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Audit.AddAsync(Paused with { Subject = new string('s', AuditedChange.MaxNameLength + 1) }, Now, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Audit.AddAsync(Paused with { After = new string('s', AuditedChange.MaxStateLength + 1) }, Now, Ct));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Audit.ListAsync(null, null, IAuditStore.MaxListed + 1, Ct));
        Assert.Empty(await Audit.ListAsync(null, null, 10, Ct));
    }
}

public sealed class SqliteAuditStoreTests() : AuditStoreTests(StoreProvider.Sqlite);

public sealed class PostgreSqlAuditStoreTests() : AuditStoreTests(StoreProvider.PostgreSql);
