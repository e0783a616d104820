using System.IO.Compression;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Subscriptions;

/// <summary>The imports in the store.</summary>
internal sealed class SubscriptionImportStore(Database database) : ISubscriptionImportStore
{
    private const string Insert = """
        insert into subscription_import (name, created_at, done, total, document) values (@name, @at, 0, 0, @document)
        returning id
        """;

    private const string Forget = """
        delete from subscription_import
        where finished_at is not null and id not in (select id from subscription_import order by id desc limit @kept)
        """;

    private const string Document = "select document from subscription_import where id = @id and finished_at is null";

    private const string Progress = "update subscription_import set done = @done, total = @total where id = @id";

    private const string Finish = "update subscription_import set finished_at = @at, report = @report, document = null where id = @id";

    private const string ById = "select id, name, created_at, finished_at, done, total, report from subscription_import where id = @id";

    private const string All = """
        select id, name, created_at, finished_at, done, total from subscription_import order by id desc limit @kept
        """;

    /// <inheritdoc />
    public Task<long> AddAsync(string name, ReadOnlyMemory<byte> document, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = new { name = StorableText.Of(name), at = now.ToUnixTimeMilliseconds(), document = Pack(document) };
        return database.WriteAsync(
            async session =>
            {
                var id = await session.FindAsync<long>(Insert, row);
                await session.ExecuteAsync(Forget, new { kept = ISubscriptionImportStore.MaxKept });
                return id;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task<byte[]?> FindDocumentAsync(long importId, CancellationToken cancellationToken) =>
        await database.ReadAsync(session => session.FindAsync<byte[]?>(Document, new { id = importId }), cancellationToken) is { } packed
            ? Unpack(packed)
            : null;

    /// <inheritdoc />
    public Task ReportAsync(long importId, int done, int total, CancellationToken cancellationToken) =>
        database.WriteAsync(session => session.ExecuteAsync(Progress, new { id = importId, done, total }), cancellationToken);

    /// <inheritdoc />
    public Task FinishAsync(long importId, string report, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var row = new { id = importId, report = StorableText.Of(report), at = now.ToUnixTimeMilliseconds() };
        return database.WriteAsync(session => session.ExecuteAsync(Finish, row), cancellationToken);
    }

    /// <inheritdoc />
    public Task<ImportState?> FindAsync(long importId, CancellationToken cancellationToken) =>
        database.ReadAsync(async session => (await session.FindAsync<ImportRow>(ById, new { id = importId }))?.ToState(), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyList<ImportState>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<ImportState>>(
            async session => (await session.ListAsync<ImportRow>(All, new { kept = ISubscriptionImportStore.MaxKept })).ConvertAll(row => row.ToState()),
            cancellationToken);

    private static byte[] Pack(ReadOnlyMemory<byte> document)
    {
        using var packed = new MemoryStream();
        using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest)) brotli.Write(document.Span);
        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        using var document = new MemoryStream();
        brotli.CopyTo(document);
        return document.ToArray();
    }

    private sealed record ImportRow
    {
        public required long Id { get; init; }
        public required string Name { get; init; }
        public required long CreatedAt { get; init; }
        public long? FinishedAt { get; init; }
        public required long Done { get; init; }
        public required long Total { get; init; }
        public string? Report { get; init; }

        public ImportState ToState() => new()
        {
            Id = Id,
            Name = Name,
            CreatedAt = UnixTime.FromMilliseconds(CreatedAt),
            FinishedAt = UnixTime.FromMilliseconds(FinishedAt),
            Done = (int)Done,
            Total = (int)Total,
            Report = Report,
        };
    }
}
