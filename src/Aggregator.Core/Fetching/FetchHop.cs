using System.Net;

namespace Aggregator.Core.Fetching;

/// <summary>One request of a fetch and its answer.</summary>
public sealed class FetchHop
{
    private readonly TimeProvider _time;
    private readonly long _started;

    internal FetchHop(Uri url, TimeProvider time) => (Url, _time, _started) = (url, time, time.GetTimestamp());

    /// <summary>The address that was asked, without credentials.</summary>
    public Uri Url { get; }

    /// <summary>What we sent, credentials left out; empty when the trace keeps no headers.</summary>
    public IReadOnlyList<(string Name, string Value)> RequestHeaders { get; internal init; } = [];

    /// <summary>What the host resolved to and what the guard said of each; empty on a connection that was open already.</summary>
    public IReadOnlyList<(IPAddress Address, bool IsAllowed)> Addresses { get; internal set; } = [];

    /// <summary>The address that was connected to; null on a connection that was open already, or when none could be made.</summary>
    public IPAddress? ConnectedTo { get; internal set; }

    /// <summary>From the start of the hop to the TCP connection, name look-up included.</summary>
    public TimeSpan? ConnectTime { get; internal set; }

    /// <summary>The HTTP status, when an answer came.</summary>
    public int? Status { get; internal set; }

    /// <summary>The version of HTTP.</summary>
    public Version? Version { get; internal set; }

    /// <summary>What the server sent; empty when the trace keeps no headers.</summary>
    public IReadOnlyList<(string Name, string Value)> ResponseHeaders { get; internal set; } = [];

    /// <summary>From the start of the hop to the end of the answer's head.</summary>
    public TimeSpan? HeadTime { get; internal set; }

    /// <summary>From the end of the head to the end of the body.</summary>
    public TimeSpan? BodyTime { get; internal set; }

    /// <summary>The body as it came over the wire, in bytes; 0 when it was not read to its end.</summary>
    public long WireBytes { get; internal set; }

    /// <summary>The body unpacked, in bytes.</summary>
    public long BodyBytes { get; internal set; }

    internal TimeSpan Elapsed => _time.GetElapsedTime(_started);
}
