using System.IO.Compression;
using System.Security.Cryptography;
using Aggregator.Core.Publishing;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Publish;

/// <summary>
/// A feed as it goes over the wire, in every content coding, with what conditional requests need. The packed forms are made beside, from
/// the moment of rendering on: who takes another one, or has the feed already, does not wait for them.
/// </summary>
internal sealed class Rendering
{
    // Dictionary entry, headers and the record of the topic: what a rendering takes besides its bytes, roughly.
    private const int Overhead = 1024;

    // Above this, brotli takes several times as long for a few per cent; the first reader of a change waits for it.
    private const int BrotliQuality = 5;

    // In the order of ContentCoding, then those of the same bytes shown as a page.
    private static readonly string[] TagEnds = ["-br", "-gzip", "", "-page-br", "-page-gzip", "-page"];

    private readonly byte[] _identity;
    private readonly Task<byte[]> _gzip;
    private readonly Task<byte[]> _brotli;
    private readonly StringValues[] _tags;
    private long _confirmedAt;
    private long _epoch = -1;

    private Rendering(PublishedTopic topic, FeedFormat format, string selfUrl, string? hubUrl, byte[] identity, DateTimeOffset? lastModified, long renderedAt)
    {
        Topic = topic;
        Format = format;
        LastModified = lastModified;
        RenderedAt = renderedAt;
        _confirmedAt = renderedAt;
        LinkHeader = hubUrl is null ? $"<{selfUrl}>; rel=\"self\"" : $"<{selfUrl}>; rel=\"self\", <{hubUrl}>; rel=\"hub\"";
        LastModifiedHeader = lastModified is { } date ? FeedDates.Rfc822(date) : StringValues.Empty;
        Hash = Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 16));
        _tags = [.. TagEnds.Select(end => new StringValues($"\"{Hash}{end}\""))];
        _identity = identity;
        _gzip = Task.Run(() => Compress(identity, static to => new GZipStream(to, CompressionLevel.Optimal)));
        _brotli = Task.Run(() => Compress(identity, static to => new BrotliStream(to, new BrotliCompressionOptions { Quality = BrotliQuality })));
        Packed = Task.WhenAll(_gzip, _brotli);
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

    /// <summary>The <see cref="StoreTrust.Epoch"/> in which it was last known to be current.</summary>
    public long Epoch
    {
        get => Volatile.Read(ref _epoch);
        set => Volatile.Write(ref _epoch, value);
    }

    /// <summary>Ends when both packed forms are there.</summary>
    public Task Packed { get; }

    /// <summary>The value of its <c>Link</c> header (RFC 8288).</summary>
    public StringValues LinkHeader { get; }

    /// <summary>The value of its <c>Last-Modified</c> header, empty when it has no date.</summary>
    public StringValues LastModifiedHeader { get; }

    /// <summary>
    /// What its entity tags are made of: a hash of the bytes, which hold the entries and nothing of the time or place of rendering.
    /// So every node, and the same node after a restart, has the same tag for the same entries.
    /// </summary>
    public string Hash { get; }

    /// <summary>The memory it takes, in bytes; that of the packed forms once they are there (<see cref="Packed"/>), and is weighed again then.</summary>
    public long Cost => Overhead + _identity.Length + (Packed.IsCompletedSuccessfully ? _gzip.Result.Length + _brotli.Result.Length : 0);

    /// <summary>Renders bytes in every coding.</summary>
    public static Rendering Of(
        PublishedTopic topic, FeedFormat format, string selfUrl, string? hubUrl, byte[] identity, DateTimeOffset? lastModified, long renderedAt) =>
        new(topic, format, selfUrl, hubUrl, identity, lastModified is { } date ? WholeSeconds(date) : null, renderedAt);

    /// <summary>The body in a coding, as soon as it is packed.</summary>
    public ValueTask<byte[]> BodyAsync(ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => new ValueTask<byte[]>(_brotli),
        ContentCoding.Gzip => new ValueTask<byte[]>(_gzip),
        _ => new ValueTask<byte[]>(_identity),
    };

    /// <summary>
    /// The strong entity tag of each coding, which is a representation of its own (RFC 9110 §8.8.3.3): the hash, with <c>-br</c> or
    /// <c>-gzip</c> for the coded ones.
    /// </summary>
    /// <param name="asPage">Whether the bytes go under the type that browsers show as a page.</param>
    public ReadOnlySpan<StringValues> Tags(bool asPage) => asPage ? _tags.AsSpan(TagEnds.Length / 2) : _tags.AsSpan(0, TagEnds.Length / 2);

    private static DateTimeOffset WholeSeconds(DateTimeOffset date) =>
        new(date.UtcTicks - (date.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);

    private static byte[] Compress(byte[] bytes, Func<Stream, Stream> coding)
    {
        using var compressed = new MemoryStream();
        using (var stream = coding(compressed)) stream.Write(bytes);
        return compressed.ToArray();
    }
}
