using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Aggregator.Server.Accounts;

/// <summary>
/// Counts failed sign-ins in memory: per name and address, so that a stranger cannot lock an admin out, and per address, so
/// that he cannot try every name. It remembers a bounded number of them.
/// </summary>
internal sealed class SignInThrottle(IOptions<AccountOptions> options, TimeProvider clock)
{
    /// <summary>How many pairs and addresses are remembered; beyond that the ones with the fewest failures go.</summary>
    public const int Capacity = 10_000;

    private const string Everywhere = "*";

    private readonly Dictionary<(string? Name, string Address), Failures> _failures = [];
    private readonly Lock _lock = new();

    /// <summary>How many are remembered now.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _failures.Count;
        }
    }

    /// <summary>
    /// Counts an attempt before its password is looked at, for many at once must not slip through between look and count.
    /// Returns null when it may go on, else how long to wait.
    /// </summary>
    /// <param name="name">The account's name.</param>
    /// <param name="address">Where the attempt comes from.</param>
    /// <param name="isKnown">Whether the account is signed in from there: failures elsewhere do not count then.</param>
    public TimeSpan? Begin(string name, IPAddress? address, bool isKnown = false)
    {
        var now = clock.GetUtcNow();
        var (pair, whole, account) = Keys(name, address);
        lock (_lock)
        {
            if (Wait(pair, options.Value.MaxFailures, now) is { } wait) return wait;
            if (Wait(whole, options.Value.MaxFailuresPerAddress, now) is { } longer) return longer;
            if (!isKnown && Wait(account, options.Value.MaxFailuresPerAccount, now) is { } everywhere) return everywhere;
            Add(pair, now);
            Add(account, now);
            Add(whole, now);
            return null;
        }
    }

    /// <summary>The attempt was right: forgets the failures of that name and takes this attempt off the address.</summary>
    public void Succeeded(string name, IPAddress? address)
    {
        var (pair, whole, account) = Keys(name, address);
        lock (_lock)
        {
            _failures.Remove(pair);
            TakeOff(whole);
            TakeOff(account);
        }
    }

    private void TakeOff((string?, string) key)
    {
        if (!_failures.TryGetValue(key, out var counted)) return;
        if (counted.Count > 1) _failures[key] = counted with { Count = counted.Count - 1 };
        else _failures.Remove(key);
    }

    private TimeSpan? Wait((string?, string) key, int max, DateTimeOffset now) =>
        _failures.TryGetValue(key, out var failures) && failures.Until > now && failures.Count >= max ? failures.Until - now : null;

    private void Add((string?, string) key, DateTimeOffset now)
    {
        var count = _failures.TryGetValue(key, out var failures) && failures.Until > now ? failures.Count : 0;
        if (failures is null && _failures.Count >= Capacity) Forget(now);
        _failures[key] = new Failures(count + 1, now + options.Value.LockoutTime);
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (key, failures) in _failures)
            if (failures.Until <= now)
                _failures.Remove(key);

        if (_failures.Count < Capacity) return;
        // Those with the fewest failures first: a flood of single ones from everywhere must not wash away the locks.
        foreach (var (key, _) in _failures.OrderBy(pair => pair.Value.Count).ThenBy(pair => pair.Value.Until).Take(Capacity / 10).ToList())
            _failures.Remove(key);
    }

    private static ((string?, string) Pair, (string?, string) Whole, (string?, string) Account) Keys(string name, IPAddress? address)
    {
        var place = Network(address);
        var folded = name.Trim().ToUpperInvariant();
        if (folded.Length > AccountRules.MaxNameLength) folded = folded[..AccountRules.MaxNameLength];
        return ((folded, place), (null, place), (folded, Everywhere));
    }

    /// <summary>An IPv4 address, or the /64 of an IPv6 address: a single customer is given that many to choose from.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is null) return "";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private sealed record Failures(int Count, DateTimeOffset Until);
}
