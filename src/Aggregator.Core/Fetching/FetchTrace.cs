using System.Net;

namespace Aggregator.Core.Fetching;

/// <summary>
/// What happened during one fetch, hop by hop: for <c>aggregator fetch</c>, and for what is measured. One trace belongs to one
/// fetch; it is written while that runs, and read afterwards.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="keepsHeaders">Whether the headers are kept too.</param>
public sealed class FetchTrace(TimeProvider time, bool keepsHeaders = false)
{
    internal static readonly HttpRequestOptionsKey<FetchTrace> Key = new("Aggregator.FetchTrace");

    private readonly List<FetchHop> _hops = [];

    /// <summary>The hops so far, in order.</summary>
    public IReadOnlyList<FetchHop> Hops => _hops;

    /// <summary>The last hop, or null before the first.</summary>
    public FetchHop? Last => _hops.Count > 0 ? _hops[^1] : null;

    internal FetchHop Begin(HttpRequestMessage message)
    {
        message.Options.Set(Key, this);
        var hop = new FetchHop(message.RequestUri!, time) { RequestHeaders = keepsHeaders ? HeadersOf(message.Headers.NonValidated) : [] };
        _hops.Add(hop);
        return hop;
    }

    internal void Answered(HttpResponseMessage response)
    {
        if (Last is not { } hop) return;
        hop.Status = (int)response.StatusCode;
        hop.Version = response.Version;
        hop.HeadTime = hop.Elapsed;
        if (keepsHeaders) hop.ResponseHeaders = [.. HeadersOf(response.Headers.NonValidated), .. HeadersOf(response.Content.Headers.NonValidated)];
    }

    internal void Read(long wireBytes, long bodyBytes)
    {
        if (Last is not { } hop) return;
        (hop.WireBytes, hop.BodyBytes, hop.BodyTime) = (wireBytes, bodyBytes, hop.Elapsed - (hop.HeadTime ?? TimeSpan.Zero));
    }

    internal void Resolved(IReadOnlyList<(IPAddress Address, bool IsAllowed)> addresses)
    {
        if (Last is { } hop) hop.Addresses = addresses;
    }

    internal void Connected(IPAddress address)
    {
        if (Last is { } hop) (hop.ConnectedTo, hop.ConnectTime) = (address, hop.Elapsed);
    }

    private static List<(string, string)> HeadersOf(System.Net.Http.Headers.HttpHeadersNonValidated headers)
    {
        var list = new List<(string, string)>();
        foreach (var (name, values) in headers)
            foreach (var value in values)
                // What opens a door is no part of an explanation.
                list.Add((name, name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) || name.Equals("Cookie", StringComparison.OrdinalIgnoreCase) ? "(kept secret)" : value));
        return list;
    }
}
