namespace Aggregator.Testing;

/// <summary>Counts while many requests run; read as <see cref="LoopbackUpstreamStatistics"/>.</summary>
internal sealed class LoopbackUpstreamCounter
{
    private readonly Lock _gate = new();
    private int _underWay;
    private int _requests;
    private int _conditional;
    private int _documents;
    private int _compressed;
    private int _notModified;
    private int _faults;
    private int _maxConcurrent;

    internal void Begin(bool conditional)
    {
        lock (_gate)
        {
            _requests++;
            if (conditional) _conditional++;
            _maxConcurrent = Math.Max(_maxConcurrent, ++_underWay);
        }
    }

    internal void End()
    {
        lock (_gate) _underWay--;
    }

    internal void Document(bool compressed)
    {
        lock (_gate)
        {
            _documents++;
            if (compressed) _compressed++;
        }
    }

    internal void NotModified()
    {
        lock (_gate) _notModified++;
    }

    internal void Fault()
    {
        lock (_gate) _faults++;
    }

    /// <summary>Requests under way stay counted in the new period's concurrency.</summary>
    internal void Reset()
    {
        lock (_gate)
        {
            _requests = _conditional = _documents = _compressed = _notModified = _faults = 0;
            _maxConcurrent = _underWay;
        }
    }

    internal LoopbackUpstreamStatistics Read()
    {
        lock (_gate)
            return new LoopbackUpstreamStatistics
            {
                Requests = _requests,
                ConditionalRequests = _conditional,
                Documents = _documents,
                Compressed = _compressed,
                NotModified = _notModified,
                Faults = _faults,
                MaxConcurrent = _maxConcurrent,
            };
    }
}
