using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Aggregator.Server.Publish;

/// <summary>
/// Keeps values up to a total cost; the least recently used leave first. Reading takes no lock: it looks up and notes the time,
/// and only an addition that exceeds the limit sorts by those times.
/// </summary>
/// <param name="limit">The most that all values together may cost.</param>
/// <param name="cost">What one value costs, asked when it is set and when it is weighed again.</param>
/// <param name="time">The clock by which "recently" is meant.</param>
internal sealed class BoundedCache<TKey, TValue>(long limit, Func<TValue, long> cost, TimeProvider time)
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Slot> _slots = new();
    private readonly Lock _writing = new();
    private long _total;

    /// <summary>What all values together cost now.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>How many values there are.</summary>
    public int Count => _slots.Count;

    /// <summary>Finds a value and marks it as used.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_slots.TryGetValue(key, out var slot))
        {
            slot.UsedAt = time.GetTimestamp();
            value = slot.Value;
            return true;
        }

        value = default;
        return false;
    }

    /// <summary>Adds or replaces a value. One that alone exceeds the limit is not kept.</summary>
    public void Set(TKey key, TValue value)
    {
        lock (_writing)
        {
            var price = cost(value);
            if (price > limit)
            {
                Forget(key);
                return;
            }

            // Replaced in its place: a reader beside us finds the one or the other.
            if (_slots.TryGetValue(key, out var replaced)) _total -= replaced.Price;
            if (_total + price > limit) MakeRoom(price, key);
            _slots[key] = new Slot(value, price) { UsedAt = time.GetTimestamp() };
            _total += price;
        }
    }

    /// <summary>Asks anew what a value costs, when it is still the one that is kept.</summary>
    public void Weigh(TKey key, TValue value)
    {
        lock (_writing)
        {
            if (!_slots.TryGetValue(key, out var slot) || !EqualityComparer<TValue>.Default.Equals(slot.Value, value)) return;
            var usedAt = slot.UsedAt;
            Set(key, value);
            if (_slots.TryGetValue(key, out slot)) slot.UsedAt = usedAt;
        }
    }

    /// <summary>Removes a value, if it is there.</summary>
    public void Remove(TKey key)
    {
        if (!_slots.ContainsKey(key)) return;
        lock (_writing) Forget(key);
    }

    /// <summary>Removes every value whose key is meant: a look at all of them.</summary>
    public void RemoveAll(Predicate<TKey> isMeant)
    {
        foreach (var (key, _) in _slots)
            if (isMeant(key)) Remove(key);
    }

    // An eighth of the limit more than needed, so that a full cache does not sort at every addition.
    private void MakeRoom(long price, TKey beside)
    {
        foreach (var (key, _) in _slots.OrderBy(static pair => pair.Value.UsedAt).ToList())
        {
            if (_total + price <= limit - (limit / 8)) return;
            if (!EqualityComparer<TKey>.Default.Equals(key, beside)) Forget(key);
        }
    }

    private void Forget(TKey key)
    {
        if (_slots.TryRemove(key, out var slot)) _total -= slot.Price;
    }

    private sealed class Slot(TValue value, long price)
    {
        private long _usedAt;

        public TValue Value { get; } = value;

        public long Price { get; } = price;

        public long UsedAt
        {
            get => Volatile.Read(ref _usedAt);
            set => Volatile.Write(ref _usedAt, value);
        }
    }
}
