using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Marks;

/// <summary>The program's marks in the store.</summary>
internal sealed class MarkStore(Database database) : IMarkStore
{
    private const string ByName = "select value from mark where name = @name";

    private const string Set = """
        insert into mark (name, value) values (@name, @value)
        on conflict (name) do update set value = excluded.value
        """;

    /// <inheritdoc />
    public Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        return database.ReadAsync(session => session.FindAsync<string>(ByName, new { name = StorableText.Of(name) }), cancellationToken);
    }

    /// <inheritdoc />
    public Task SetAsync(string name, string value, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        return database.WriteAsync(
            session => session.ExecuteAsync(Set, new { name = StorableText.Of(name), value = StorableText.Of(value) }), cancellationToken);
    }
}
