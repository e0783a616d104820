using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Keys;

/// <summary>The shared keys in the store.</summary>
internal sealed class KeyStore(Database database) : IKeyStore
{
    private const string Newest = "select xml from protection_key order by id desc limit @limit";

    private const string Insert = "insert into protection_key (name, xml, created_at) values (@name, @xml, @at)";

    /// <inheritdoc />
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var keys = await database.ReadAsync(session => session.ListAsync<string>(Newest, new { limit = IKeyStore.MaxKeys }), cancellationToken);
        keys.Reverse();
        return keys;
    }

    /// <inheritdoc />
    public Task AddAsync(string name, string xml, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(xml);
        return database.WriteAsync(
            session => session.ExecuteAsync(Insert, new { name = StorableText.Of(name), xml, at = now.ToUnixTimeMilliseconds() }), cancellationToken);
    }
}
