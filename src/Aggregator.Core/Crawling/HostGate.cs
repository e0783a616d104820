using System.Collections.Concurrent;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;
using Aggregator.Core.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aggregator.Core.Crawling;

/// <summary>
/// Keeps us polite: no host is asked by more than <see cref="FetchingOptions.PerHostConcurrency"/> fetches at once, nor twice
/// within <see cref="FetchingOptions.PerHostGap"/>, nor before the time that it named itself. When the store is shared, that
/// holds over all processes: who has entered here also takes a slot there. Safe for many threads.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="time">The clock.</param>
/// <param name="store">What other processes have to know, and what has to outlive this one; null to keep everything in memory.</param>
/// <param name="logger">Where slots are named that could not be given back.</param>
public sealed class HostGate(FetchingOptions options, TimeProvider time, IHostStore? store = null, ILogger<HostGate>? logger = null)
{
    /// <summary>An operator's wish is kept up to this; some servers ask for a year by mistake.</summary>
    public static readonly TimeSpan LongestClosure = TimeSpan.FromDays(7);

    /// <summary>The shortest wait before another try.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);

    /// <summary>How long the redirects of one fetch may wait for their hosts, besides two gaps.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>How soon a host is asked for again whose slots other processes hold.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// Who keeps a longer gap keeps it from the start before too, whoever's that was, up to this: waiting longer among many that keep the
    /// general gap it would never come in.
    /// </summary>
    internal static readonly TimeSpan LongestLookBack = TimeSpan.FromSeconds(10);

    /// <summary>After so many leaves everything is looked through for hosts that nothing is to be remembered of any more.</summary>
    private const int SweepEvery = 4096;

    private readonly ConcurrentDictionary<string, Host> _hosts = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<HostSlot> _left = new();
    private readonly ILogger _logger = logger ?? NullLogger<HostGate>.Instance;
    private Task _givingBack = Task.CompletedTask;
    private int _isGivingBack;
    private int _leaves;

    /// <summary>Whether entering takes a slot in the store too: see <see cref="ConfirmAsync"/>.</summary>
    internal bool IsShared => store is { IsShared: true };

    /// <summary>The port of https, under which a host is counted that is asked at the port of its scheme: to whoever runs it, it is one.</summary>
    private const int OrdinaryPort = 443;

    /// <summary>The host that a source is counted under: host and port of its address; the catalogue's documents have none.</summary>
    public static string? HostOf(Source source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return !source.IsCatalogueDocument ? HostOf(source.Url) : null;
    }

    /// <summary>
    /// The host that an address is counted under, <c>host:port</c> in lower case and in ASCII, or null when it has none. http and https at their
    /// own ports are one host, <c>host:443</c>.
    /// </summary>
    public static string? HostOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? $"{(Urls.DnsHost(uri) ?? uri.Host).ToLowerInvariant()}:{(uri.IsDefaultPort ? OrdinaryPort : uri.Port)}" : null;

    /// <summary>
    /// Enters if a fetch may start now as far as this process knows. Who entered must <see cref="Leave"/>, and where the gate
    /// <see cref="IsShared"/> has to <see cref="ConfirmAsync"/> first.
    /// </summary>
    /// <param name="host">The host, or null for none: always let in.</param>
    /// <param name="retryAt">When it refused: when to try again; null when only a <see cref="Leave"/> can help.</param>
    /// <param name="gap">The time to the next start of a fetch; null for <see cref="FetchingOptions.PerHostGap"/>.</param>
    internal bool TryEnter(string? host, out DateTimeOffset? retryAt, TimeSpan? gap = null) => TryEnter(host, isWaiting: false, gap, out retryAt);

    private bool TryEnter(string? host, bool isWaiting, TimeSpan? gap, out DateTimeOffset? retryAt)
    {
        retryAt = null;
        if (host is null) return true;
        var now = time.GetUtcNow();
        while (true)
        {
            var state = _hosts.GetOrAdd(host, static _ => new Host());
            lock (state)
            {
                if (state.Removed) continue;
                var opens = state.StartedAt + LookBackOf(gap) is var rested && rested > state.NotBefore ? rested : state.NotBefore;
                if (opens > now)
                {
                    retryAt = opens;
                    return false;
                }

                // Who is on the way already, behind a redirect or before somebody's eyes, goes before a source that only begins.
                if (state.Waiting > 0 && !isWaiting)
                {
                    retryAt = now + (options.PerHostGap > ShortestWait ? options.PerHostGap : ShortestWait);
                    return false;
                }

                if (state.Running >= options.PerHostConcurrency) return false;
                state.Running++;
                (state.StartedBefore, state.StartedAt) = (state.StartedAt, now);
                state.NotBefore = now + (gap ?? options.PerHostGap);
                return true;
            }
        }
    }

    /// <summary>
    /// Takes the slots in the store for hosts that were entered here, in one round trip. Where it is refused, the entry is
    /// taken back and the host stays shut here until it is worth asking again.
    /// </summary>
    /// <returns>For each of <paramref name="entered"/>, in order, whether its fetch may start.</returns>
    internal async Task<IReadOnlyList<bool>> ConfirmAsync(IReadOnlyList<string> entered, CancellationToken cancellationToken, TimeSpan? gap = null)
    {
        if (store is not { IsShared: true }) return [.. entered.Select(_ => true)];
        var now = time.GetUtcNow();
        // Whole milliseconds, because the slot has to be found again by it.
        var until = DateTimeOffset.FromUnixTimeMilliseconds((now + Crawler.SlotLeaseOf(options)).ToUnixTimeMilliseconds());
        Dictionary<string, HostGrant> grants;
        try
        {
            grants = (await store.AcquireAsync(
                [.. entered.GroupBy(host => host, StringComparer.Ordinal).Select(host => new HostDemand(host.Key, host.Count()))],
                new HostLimits(options.PerHostConcurrency, gap ?? options.PerHostGap) { LookBack = LookBackOf(gap) }, now, until, cancellationToken).ConfigureAwait(false))
                .ToDictionary(grant => grant.Host, StringComparer.Ordinal);
        }
        catch
        {
            foreach (var host in entered) Refuse(host, now + Pause);
            throw;
        }

        // A fetch starts when the store has answered, not when it was asked: the gap to the next one counts from here.
        var started = time.GetUtcNow();
        var may = new bool[entered.Count];
        for (var i = 0; i < may.Length; i++)
        {
            var grant = grants[entered[i]];
            may[i] = grant.Granted > 0;
            if (may[i]) Hold(new HostSlot(grant.Host, until), started, gap ?? options.PerHostGap);
            else Refuse(grant.Host, grant.RetryAt ?? now + Pause);
            grants[entered[i]] = grant with { Granted = grant.Granted - 1 };
        }

        return may;
    }

    /// <summary>Ends a fetch that entered. Its slot in the store is given back behind the caller's back, together with others.</summary>
    public void Leave(string? host)
    {
        if (host is null || !_hosts.TryGetValue(host, out var state)) return;
        lock (state)
        {
            state.Running--;
            if (state.Slots.TryDequeue(out var slot)) _left.Enqueue(slot);
        }

        Forget(host, state);
        if (Interlocked.Increment(ref _leaves) % SweepEvery == 0)
            foreach (var (name, other) in _hosts) Forget(name, other);
        if (!_left.IsEmpty) StartGivingBack();
    }

    /// <summary>No fetch of this host starts before <paramref name="until"/>, as far as this process is concerned.</summary>
    internal void Block(string? host, DateTimeOffset until)
    {
        if (host is null) return;
        while (true)
        {
            var state = _hosts.GetOrAdd(host, static _ => new Host());
            lock (state)
            {
                if (state.Removed) continue;
                if (state.NotBefore < until) state.NotBefore = until;
                return;
            }
        }
    }

    /// <summary>
    /// No process fetches from this host before <paramref name="until"/>, nor after a restart: its operator said so
    /// (<c>Retry-After</c>). Kept up to <see cref="LongestClosure"/>.
    /// </summary>
    public async Task CloseAsync(string? host, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (host is null) return;
        var latest = time.GetUtcNow() + LongestClosure;
        if (until > latest) until = latest;
        Block(host, until);
        if (store is null) return;
        try
        {
            await store.CloseAsync(host, until, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // What came of the request is worth more, and this process keeps to it.
            _logger.LogError(error, "It could not be stored that {Host} asked to be left alone until {Until:u}: other processes do not know, nor this one after a restart", host, until);
        }
    }

    /// <summary>How long all moves of one <see cref="HostTurn"/> may wait together.</summary>
    internal static TimeSpan PatienceOf(FetchingOptions options) => Patience + (2 * options.PerHostGap);

    /// <summary>The turn of a fetch whose host was entered.</summary>
    /// <param name="host">The host that was entered.</param>
    /// <param name="ended">Told when nothing more is asked (<see cref="HostTurn.End"/>), or null.</param>
    public HostTurn TurnAt(string? host, Action? ended = null) => new(this, host, isInside: true, PatienceOf(options), time, ended);

    /// <summary>A turn that begins with its first move.</summary>
    public HostTurn TurnAtNone() => new(this, null, isInside: false, PatienceOf(options), time);

    /// <summary>Waits until a fetch may start, and enters: for single requests outside a crawl. Who entered must <see cref="Leave"/>.</summary>
    public async Task EnterAsync(string? host, CancellationToken cancellationToken) =>
        await EnterBeforeAsync(host, DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);

    /// <summary>Waits until a fetch may start, but not for long, and enters. Who entered must <see cref="Leave"/>.</summary>
    /// <param name="host">The host, or null for none: always let in.</param>
    /// <param name="gap">The time from this start to the next one of any fetch; never less than <see cref="FetchingOptions.PerHostGap"/>.</param>
    /// <param name="patience">The longest wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null when it entered; else when it is worth trying again.</returns>
    public Task<DateTimeOffset?> TryEnterAsync(string? host, TimeSpan gap, TimeSpan patience, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var latest = patience < DateTimeOffset.MaxValue - now ? now + patience : DateTimeOffset.MaxValue;
        return EnterBeforeAsync(host, latest, cancellationToken, gap < options.PerHostGap ? options.PerHostGap : gap);
    }

    /// <summary>Waits until a fetch may start, and enters, unless that is sure to be later than <paramref name="latest"/>.</summary>
    /// <returns>Null for who entered, and must <see cref="Leave"/>; else when to try again.</returns>
    internal async Task<DateTimeOffset?> EnterBeforeAsync(
        string? host, DateTimeOffset latest, CancellationToken cancellationToken, TimeSpan? gap = null)
    {
        if (host is null) return null;
        // A crawl claims no source of a closed host; who comes with a single one has to ask.
        if (store is { IsShared: false } && await store.ClosedUntilAsync(host, cancellationToken).ConfigureAwait(false) is { } closed) Block(host, closed);
        var state = Wait(host);
        try
        {
            while (true)
            {
                if (TryEnter(host, isWaiting: true, gap, out var retryAt))
                {
                    if (!IsShared || (await ConfirmAsync([host], cancellationToken, gap).ConfigureAwait(false))[0]) return null;
                    continue;
                }

                var now = time.GetUtcNow();
                var wait = retryAt - now ?? (options.PerHostGap > Pause ? Pause : options.PerHostGap);
                if (wait < ShortestWait) wait = ShortestWait;
                if (latest - now < wait) return retryAt ?? now + Pause;
                await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            lock (state) state.Waiting--;
            Forget(host, state);
        }
    }

    private Host Wait(string host)
    {
        while (true)
        {
            var state = _hosts.GetOrAdd(host, static _ => new Host());
            lock (state)
            {
                if (state.Removed) continue;
                state.Waiting++;
                return state;
            }
        }
    }

    /// <summary>Waits until every slot that was left is given back: before a process ends.</summary>
    internal Task FlushAsync() => Volatile.Read(ref _givingBack);

    private void Hold(HostSlot slot, DateTimeOffset started, TimeSpan gap)
    {
        if (!_hosts.TryGetValue(slot.Host, out var state)) return;
        lock (state)
        {
            state.Slots.Enqueue(slot);
            state.StartedAt = started;
            if (started + gap > state.NotBefore) state.NotBefore = started + gap;
        }
    }

    private void Refuse(string host, DateTimeOffset retryAt)
    {
        if (!_hosts.TryGetValue(host, out var state)) return;
        lock (state)
        {
            state.Running--;
            (state.StartedAt, state.NotBefore) = (state.StartedBefore, retryAt);
        }
    }

    private void StartGivingBack()
    {
        if (Interlocked.Exchange(ref _isGivingBack, 1) == 0) Volatile.Write(ref _givingBack, Task.Run(GiveBackAsync));
    }

    private async Task GiveBackAsync()
    {
        do
        {
            var slots = new List<HostSlot>();
            while (_left.TryDequeue(out var slot)) slots.Add(slot);
            try
            {
                if (slots.Count > 0) await store!.ReleaseAsync(slots, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // They run out by themselves; until then their hosts are asked less than they might be.
                _logger.LogWarning(error, "{Count} host slots could not be given back and run out by themselves", slots.Count);
            }

            Volatile.Write(ref _isGivingBack, 0);
        }
        while (!_left.IsEmpty && Interlocked.Exchange(ref _isGivingBack, 1) == 0);
    }

    private static TimeSpan LookBackOf(TimeSpan? gap) => gap is not { } kept ? TimeSpan.Zero : kept < LongestLookBack ? kept : LongestLookBack;

    private void Forget(string host, Host state)
    {
        var now = time.GetUtcNow();
        lock (state)
        {
            if (state.Removed || state.Running > 0 || state.Waiting > 0 || state.NotBefore > now || state.StartedAt + LongestLookBack > now) return;
            state.Removed = true;
            _hosts.TryRemove(new KeyValuePair<string, Host>(host, state));
        }
    }

    private sealed class Host
    {
        public int Running { get; set; }

        /// <summary>How many wait here for their turn and let nobody pass who does not.</summary>
        public int Waiting { get; set; }

        public DateTimeOffset NotBefore { get; set; }

        /// <summary>When the last request began.</summary>
        public DateTimeOffset StartedAt { get; set; }

        /// <summary>When the one before it did: an entry that the store refuses was no start.</summary>
        public DateTimeOffset StartedBefore { get; set; }

        public bool Removed { get; set; }

        /// <summary>The slots in the store of the fetches that run; which belongs to which does not matter.</summary>
        public Queue<HostSlot> Slots { get; } = new();
    }
}
