using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Aggregator.Core.Related;
using Aggregator.Core.Stores;
using Aggregator.Storage.Entries;
using Aggregator.Storage.Related;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Aggregator.Storage.Databases;

/// <summary>
/// The store's database: where sessions come from, and the few things that the two databases do differently. Everything
/// else is one SQL text. A few marks stand in it for what has no common form: <c>{any @list}</c> behind a column ("is one of
/// these", with <see cref="List(IReadOnlyCollection{long})"/> as the parameter), at the end of a select <c>{skip locked}</c> (claims rows) or <c>{locked}</c> (waits for them), and for the
/// numbers of one table <c>{settled search_change}</c> and <c>{coming search_change}</c>.
/// </summary>
internal abstract partial class Database : IAsyncDisposable, IDisposable
{
    private readonly ConcurrentDictionary<string, string> _translated = new(StringComparer.Ordinal);

    static Database() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    private long _statements;

    /// <summary>How many statements were run so far: tests assert how many a page takes.</summary>
    public long StatementCount => Interlocked.Read(ref _statements);

    /// <summary>Which of the two it is.</summary>
    public abstract StoreProvider Provider { get; }

    /// <summary>Whether only one transaction writes at a time, so that several small writes in one cost less than each in its own.</summary>
    public abstract bool HasOneWriter { get; }

    /// <summary>Told of every statement of the shared text before it runs, with its parameters: by this tests learn what a page really asks.</summary>
    public Action<string, object?>? Watch { get; set; }

    /// <summary>Told of every commit that gave a topic a new version.</summary>
    public TopicSignal? Signal { get; init; }

    /// <summary>What <c>{skip locked}</c> stands for.</summary>
    protected abstract string SkipLocked { get; }

    /// <summary>What <c>{locked}</c> stands for.</summary>
    protected abstract string Locked { get; }

    /// <summary>What <c>{shared}</c> stands for: nobody changes the rows that were read until the transaction ends, and others may say so too.</summary>
    protected abstract string Shared { get; }

    /// <summary>What <c>{settled search_change}</c> stands for: a number below which no row of that table will come any more.</summary>
    protected abstract string Settled { get; }

    /// <summary>What <c>{coming search_change}</c> stands for: a number that no row of that table has yet, nor a higher one.</summary>
    protected abstract string Coming { get; }

    /// <summary>Opens the database that a connection string names; nothing is touched before the first session.</summary>
    /// <param name="connectionString">Which one.</param>
    /// <param name="signal">See <see cref="Signal"/>.</param>
    /// <param name="logger">Is told of what fails where no caller waits for it.</param>
    public static Database Open(StoreConnectionString connectionString, TopicSignal signal, ILogger<Database> logger) => connectionString.Provider switch
    {
        StoreProvider.Sqlite => new SqliteDatabase(connectionString, logger) { Signal = signal },
        StoreProvider.PostgreSql => new PostgreSqlDatabase(connectionString) { Signal = signal },
        _ => throw new ArgumentOutOfRangeException(nameof(connectionString), connectionString.Provider, "Unknown provider."),
    };

    /// <summary>
    /// Whether an error says that nothing can be written now, whatever it is: the database is away, busy, full or broken. Of any other error
    /// what was to be written may be the reason.
    /// </summary>
    public abstract bool IsAway(Exception error);

    /// <summary>Reads. What several statements see may differ by what others commit between them. The token ends a running statement too.</summary>
    public abstract Task<T> ReadAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>
    /// Runs work in one write transaction and commits it; an exception rolls it back. On SQLite writers queue at a gate, so the
    /// work must not wait for anything but the database. On PostgreSQL work that a deadlock broke off runs again from its
    /// beginning, so it must not change anything outside the session.
    /// </summary>
    public abstract Task<T> WriteAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>As <see cref="WriteAsync"/>, but no other work of this kind runs beside it, in any process: migrations, the first admin.</summary>
    public abstract Task<T> WriteAloneAsync<T>(Func<StoreSession, Task<T>> work, CancellationToken cancellationToken);

    /// <summary>
    /// Says that a write is on its way that waits for others first, so that what writes behind does not take the pause for silence
    /// (<see cref="WriteBehindAsync"/>).
    /// </summary>
    public abstract void AnnounceWrite();

    /// <summary>How long what is not urgent waits behind others: in a crawl of many minutes it has to get on too.</summary>
    public static readonly TimeSpan Unhurried = TimeSpan.FromSeconds(10);

    /// <summary>
    /// As <see cref="WriteAsync"/>, for what may come later: indexes that follow what was stored. While others write, all of this kind together
    /// takes about a sixteenth of the time of the writer (of the gate, on SQLite) and a small part of a processor.
    /// </summary>
    /// <param name="work">What it does.</param>
    /// <param name="prepared">How long what it writes was read and computed.</param>
    /// <param name="patience">After which time from the beginning of that on it goes on like any other, whatever share it and its like had.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public abstract Task<T> WriteBehindAsync<T>(Func<StoreSession, Task<T>> work, TimeSpan prepared, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>As <see cref="WriteBehindAsync"/> and <see cref="WriteAloneAsync"/>.</summary>
    public abstract Task<T> WriteAloneBehindAsync<T>(Func<StoreSession, Task<T>> work, TimeSpan prepared, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>
    /// Waits, inside a write transaction, until no other one has a snapshot inserted that it has not committed: numbers are given at
    /// insertion, and a lower one may otherwise appear after a higher one was seen.
    /// </summary>
    public abstract Task SettleSnapshotsAsync(StoreSession session);

    /// <summary>Keeps refreshes that look for what is blocked waiting, inside a write transaction, and waits for those that have looked.</summary>
    public abstract Task LockBlocksAsync(StoreSession session);

    /// <summary>
    /// Has what was deleted leave the files too, as far as the database does that. False when somebody still reads what stood there
    /// before: ask again later.
    /// </summary>
    public abstract Task<bool> EraseAsync(CancellationToken cancellationToken);

    /// <summary>Inserts new entries, their first snapshots and their places in the source's categories: the one hot statement, in each database's fastest way.</summary>
    public abstract Task InsertEntriesAsync(StoreSession session, long sourceId, IReadOnlyList<NewEntryRow> entries);

    /// <summary>
    /// Writes sources that a refresh brought nothing for, and remembers their fetches: the other hot statement. Gives those whose lease still
    /// held; of the others nothing is written.
    /// </summary>
    public abstract Task<HashSet<long>> SaveQuietlyAsync(StoreSession session, List<QuietSave> rows);

    /// <summary>
    /// The condition on <c>source.id</c> that a text (lower case) stands in a source's title or address, by an index, with its parameter
    /// <c>@match</c>; null for a text that is too short for the index.
    /// </summary>
    public abstract (string Condition, string Match)? SourcesWithText(string text);

    /// <summary>Writes by which hashes entries are found; what is there already stays, and entries that are gone are left out.</summary>
    public abstract Task RememberShinglesAsync(StoreSession session, IReadOnlyList<(long Hash, long EntryId)> shingles);

    /// <summary>Writes rows of the index of related articles; those of entries that changed since they were read are left out, for they wait again.</summary>
    public abstract Task RelateAsync(StoreSession session, IReadOnlyList<RelatedIndexRow> entries);

    /// <summary>What has one of the rare terms or both of a pair: the newest, at most <see cref="RelatedQuery.MaxPostings"/>.</summary>
    public abstract Task<List<RelatedHitRow>> FindRelatedAsync(StoreSession session, RelatedQuery query);

    /// <summary>A list as the parameter of <c>{any @…}</c>.</summary>
    public abstract SqlMapper.ICustomQueryParameter List(IReadOnlyCollection<long> values);

    /// <inheritdoc cref="List(IReadOnlyCollection{long})"/>
    public abstract SqlMapper.ICustomQueryParameter List(IReadOnlyCollection<string> values);

    /// <inheritdoc />
    public abstract ValueTask DisposeAsync();

    /// <inheritdoc />
    public abstract void Dispose();

    /// <summary>A statement of the shared text in this database's words.</summary>
    public string Translate(string statement)
    {
        Interlocked.Increment(ref _statements);
        return _translated.GetOrAdd(statement, static (text, database) =>
            AnyMark().Replace(text, mark => database.AnyOf(mark.Groups[1].Value))
                .Replace("{skip locked}", database.SkipLocked, StringComparison.Ordinal)
                .Replace("{locked}", database.Locked, StringComparison.Ordinal)
                .Replace("{settled search_change}", database.Settled, StringComparison.Ordinal)
                .Replace("{coming search_change}", database.Coming, StringComparison.Ordinal)
                .Replace("{shared}", database.Shared, StringComparison.Ordinal), this);
    }

    /// <summary>What <c>{any @list}</c> stands for.</summary>
    protected abstract string AnyOf(string parameter);

    [GeneratedRegex(@"\{any (@\w+)\}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyMark();
}
