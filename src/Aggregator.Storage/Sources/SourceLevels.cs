using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Sources;

/// <summary>
/// How much of the entries of some sources may be shown, before a change that may have to do with it; afterwards the topics in which any of them
/// may stand get a new version, in the same transaction.
/// </summary>
internal sealed class SourceLevels
{
    private const string Levels = "select id, level from source where id {any @ids} order by id";

    private readonly List<long> _ids;
    private readonly Dictionary<long, int> _before;

    private SourceLevels(IEnumerable<LevelRow> rows)
    {
        _before = rows.ToDictionary(row => row.Id, row => row.Level);
        _ids = [.. _before.Keys];
    }

    /// <summary>The levels as they are.</summary>
    public static async Task<SourceLevels> ReadAsync(StoreSession session, IReadOnlyCollection<long> sourceIds) =>
        new(await session.ListAsync<LevelRow>(Levels, new { ids = session.Database.List(sourceIds) }));

    /// <summary>Raises what shows entries of those whose level is another one now.</summary>
    public async Task RaiseAsync(StoreSession session, DateTimeOffset now)
    {
        var rows = await session.ListAsync<LevelRow>(Levels, new { ids = session.Database.List(_ids) });
        var changed = rows.Where(row => _before[row.Id] != row.Level).Select(row => row.Id).ToList();
        if (changed.Count > 0) await TopicVersions.RaiseForRightsAsync(session, changed, now);
    }

    private sealed record LevelRow
    {
        public required long Id { get; init; }
        public required int Level { get; init; }
    }
}
