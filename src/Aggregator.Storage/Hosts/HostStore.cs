using System.Collections.Concurrent;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Hosts;

/// <summary>
/// The hosts in the store. Slots exist on PostgreSQL only: one process owns a SQLite file, and there the gate in its memory
/// is asked before every request anyway.
/// </summary>
internal sealed class HostStore(Database database) : IHostStore
{
    // In the order of names, as every statement here that locks several hosts, so that two workers never wait in a circle.
    private const string Meet = """
        insert into host (name) select name from unnest(@names) as met (name) order by name on conflict (name) do nothing
        """;

    // The locking select reads a row that was changed since anew, and nobody changes it before we do: what it counts holds.
    // A row that another worker has locked is in the middle of this very question, so that asking again beats waiting.
    private const string Acquire = """
        with free as materialized (
            select host.name,
                   least(asked.wanted, case when @gap > 0 then 1 else @most end,
                         @most - (select count(*) from unnest(host.slots) as slot where slot > @now)) as granted
            from host join unnest(@names, @counts) as asked (name, wanted) on asked.name = host.name
            where host.not_before <= @now and host.closed_until <= @now and host.started_at <= @rested
            order by host.name
            for update of host skip locked
        )
        update host
        set not_before = @now + @gap, started_at = @now,
            slots = array(select slot from unnest(host.slots) as slot where slot > @now) || array_fill(@until, array[cast(free.granted as integer)])
        from free
        where host.name = free.name and free.granted > 0
        returning host.name, free.granted
        """;

    private const string Opening = "select name, greatest(not_before, started_at + @look_back) as not_before, closed_until from host where name {any @names}";

    private const string Release = """
        with held as materialized (
            select host.name, given.until
            from host join unnest(@names, @untils) as given (name, until) on given.name = host.name
            order by host.name
            for update of host
        )
        update host
        set slots = host.slots[:array_position(host.slots, held.until) - 1] || host.slots[array_position(host.slots, held.until) + 1:]
        from held
        where host.name = held.name and array_position(host.slots, held.until) is not null
        """;

    private const string Close = """
        insert into host (name, closed_until) values (@name, @until)
        on conflict (name) do update
        set closed_until = case when excluded.closed_until > host.closed_until then excluded.closed_until else host.closed_until end
        """;

    private const string Closed = "select closed_until from host where name = @name and closed_until > 0";

    private readonly ConcurrentDictionary<string, bool> _met = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public bool IsShared => database.Provider == StoreProvider.PostgreSql;

    /// <inheritdoc />
    public async Task<IReadOnlyList<HostGrant>> AcquireAsync(
        IReadOnlyCollection<HostDemand> wanted, HostLimits limits, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(limits);
        if (!IsShared || wanted.Count == 0) return [.. wanted.Select(demand => new HostGrant(demand.Host, demand.Count, RetryAt: null))];

        string[] unmet = [.. wanted.Select(demand => demand.Host).Where(host => !_met.ContainsKey(host))];
        var (granted, opening) = await database.WriteAsync(
            async session =>
            {
                if (unmet.Length > 0) await session.ExecuteAsync(Meet, new { names = database.List(unmet) });
                var rows = (await session.ListAsync<GrantedRow>(Acquire, new
                {
                    names = database.List([.. wanted.Select(demand => demand.Host)]),
                    counts = database.List([.. wanted.Select(demand => (long)demand.Count)]),
                    now = now.ToUnixTimeMilliseconds(),
                    until = until.ToUnixTimeMilliseconds(),
                    gap = (long)Math.Ceiling(limits.Gap.TotalMilliseconds),
                    most = (long)limits.Concurrency,
                    rested = (now - limits.LookBack).ToUnixTimeMilliseconds(),
                })).ToDictionary(row => row.Name, row => (int)row.Granted, StringComparer.Ordinal);
                string[] refused = [.. wanted.Select(demand => demand.Host).Where(host => !rows.ContainsKey(host))];
                var openings = refused.Length == 0 ? [] : await session.ListAsync<OpeningRow>(Opening, new { names = database.List(refused), look_back = (long)limits.LookBack.TotalMilliseconds });
                return (rows, openings.ToDictionary(row => row.Name, row => Math.Max(row.NotBefore, row.ClosedUntil), StringComparer.Ordinal));
            },
            cancellationToken);
        foreach (var host in unmet) _met.TryAdd(host, true);
        return
        [
            .. wanted.Select(demand => new HostGrant(
                demand.Host,
                granted.GetValueOrDefault(demand.Host),
                opening.TryGetValue(demand.Host, out var at) && at > now.ToUnixTimeMilliseconds() ? UnixTime.FromMilliseconds(at) : null)),
        ];
    }

    /// <inheritdoc />
    public async Task ReleaseAsync(IReadOnlyCollection<HostSlot> slots, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slots);
        if (!IsShared) return;

        // An update changes a row once: of several slots of a host each takes a round of its own.
        var rounds = slots.GroupBy(slot => slot.Host, StringComparer.Ordinal)
            .SelectMany(host => host.Select((slot, round) => (slot, round)))
            .GroupBy(slot => slot.round, slot => slot.slot);
        foreach (var round in rounds)
            await database.WriteAsync(
                session => session.ExecuteAsync(Release, new
                {
                    names = database.List([.. round.Select(slot => slot.Host)]),
                    untils = database.List([.. round.Select(slot => slot.Until.ToUnixTimeMilliseconds())]),
                }),
                cancellationToken);
    }

    /// <inheritdoc />
    public Task CloseAsync(string host, DateTimeOffset until, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return database.WriteAsync(
            session => session.ExecuteAsync(Close, new { name = host, until = until.ToUnixTimeMilliseconds() }), cancellationToken);
    }

    /// <inheritdoc />
    public Task<DateTimeOffset?> ClosedUntilAsync(string host, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return database.ReadAsync(
            async session => UnixTime.FromMilliseconds(await session.FindAsync<long?>(Closed, new { name = host })), cancellationToken);
    }

    private sealed record GrantedRow
    {
        public required string Name { get; init; }
        public required long Granted { get; init; }
    }

    private sealed record OpeningRow
    {
        public required string Name { get; init; }
        public required long NotBefore { get; init; }
        public required long ClosedUntil { get; init; }
    }
}
