namespace Aggregator.Server.WebSub;

/// <summary>
/// How many pushes are being read: a bound over all, which bounds the memory, and one for each callback, so that a hub that
/// sends slowly holds up its own subscriptions alone.
/// </summary>
internal sealed class PushReaders
{
    /// <summary>Over all callbacks.</summary>
    public const int Most = 32;

    /// <summary>For one callback.</summary>
    public const int MostOfOne = 4;

    private readonly Dictionary<string, int> _readers = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private int _all;

    /// <summary>Enters if there is room. Who entered must <see cref="Leave"/>.</summary>
    public bool TryEnter(string token)
    {
        lock (_lock)
        {
            var ofOne = _readers.GetValueOrDefault(token);
            if (_all >= Most || ofOne >= MostOfOne) return false;
            _all++;
            _readers[token] = ofOne + 1;
            return true;
        }
    }

    /// <summary>Ends a reading that entered.</summary>
    public void Leave(string token)
    {
        lock (_lock)
        {
            _all--;
            if (--_readers[token] == 0) _readers.Remove(token);
        }
    }
}
