using System.IO.Compression;
using System.Security.Cryptography;
using Aggregator.Core.Publishing;

namespace Aggregator.Server.Publish;

/// <summary>A feed as it goes over the wire, in every content coding, with what conditional requests need.</summary>
internal sealed class Rendering
{
    // Dictionary entry, headers and the record of the topic: what a rendering takes besides its bytes, roughly.
    private const int Overhead = 1024;

    // Above this, brotli takes several times as long for a few per cent; a rendering is made while readers wait.
    private const int BrotliQuality = 5;

    private readonly byte[] _identity;
    private readonly byte[] _gzip;
    private readonly byte[] _brotli;
    private long _confirmedAt;

    private Rendering(PublishedTopic topic, FeedFormat format, string selfUrl, string? hubUrl, byte[] identity, DateTimeOffset? lastModified, long renderedAt)
    {
        Topic = topic;
        Format = format;
        LastModified = lastModified;
        RenderedAt = renderedAt;
        _confirmedAt = renderedAt;
        LinkHeader = hubUrl is null ? $"<{selfUrl}>; rel=\"self\"" : $"<{selfUrl}>; rel=\"self\", <{hubUrl}>; rel=\"hub\"";
        Hash = Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 16));
        _identity = identity;
        _gzip = Compress(identity, static to => new GZipStream(to, CompressionLevel.Optimal));
        _brotli = Compress(identity, static to => new BrotliStream(to, new BrotliCompressionOptions { Quality = BrotliQuality }));
    }

    /// <summary>What it was made from.</summary>
    public PublishedTopic Topic { get; }

    /// <summary>Its format.</summary>
    public FeedFormat Format { get; }

    /// <summary>
    /// From when on its contents count as modified, in whole seconds as HTTP dates are: later than for every earlier version of the
    /// topic (<see cref="Core.Stores.ITopicStore.DateAsync"/>). Null when it has no date.
    /// </summary>
    public DateTimeOffset? LastModified { get; }

    /// <summary>When it was rendered, as a timestamp of the clock; never part of what is sent.</summary>
    public long RenderedAt { get; }

    /// <summary>When the store last said that it was current, as a timestamp of the clock.</summary>
    public long ConfirmedAt
    {
        get => Volatile.Read(ref _confirmedAt);
        set => Volatile.Write(ref _confirmedAt, value);
    }

    /// <summary>The value of its <c>Link</c> header (RFC 8288).</summary>
    public string LinkHeader { get; }

    /// <summary>
    /// What its entity tags are made of: a hash of the bytes, which hold the entries and nothing of the time or place of rendering.
    /// So every node, and the same node after a restart, has the same tag for the same entries.
    /// </summary>
    public string Hash { get; }

    /// <summary>The memory it takes, in bytes.</summary>
    public long Cost => _identity.Length + _gzip.Length + _brotli.Length + Overhead;

    /// <summary>Renders bytes in every coding.</summary>
    public static Rendering Of(
        PublishedTopic topic, FeedFormat format, string selfUrl, string? hubUrl, byte[] identity, DateTimeOffset? lastModified, long renderedAt) =>
        new(topic, format, selfUrl, hubUrl, identity, lastModified is { } date ? WholeSeconds(date) : null, renderedAt);

    /// <summary>The body in a coding.</summary>
    public ReadOnlyMemory<byte> Body(ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => _brotli,
        ContentCoding.Gzip => _gzip,
        _ => _identity,
    };

    private static DateTimeOffset WholeSeconds(DateTimeOffset date) =>
        new(date.UtcTicks - (date.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> coding)
    {
        using var compressed = new MemoryStream();
        using (var stream = coding(compressed)) stream.Write(bytes);
        return compressed.ToArray();
    }
}
