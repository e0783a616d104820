using System.Security.Cryptography;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
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

    // In the order of ContentCoding, then those of the same bytes shown as a page.
    private static readonly string[] TagEnds = ["-br", "-gzip", "", "-page-br", "-page-gzip", "-page"];

    private readonly byte[] _identity;
    private readonly Task<byte[]> _gzip;
    private readonly Task<byte[]> _brotli;
    private readonly StringValues[] _tags;
    private long _confirmedAt;
    private long _currentUntil;
    private long _epoch = -1;

    /// <summary>Keeps bytes, and packs them beside.</summary>
    /// <param name="topic">See <see cref="Topic"/>.</param>
    /// <param name="place">See <see cref="Place"/>.</param>
    /// <param name="format">See <see cref="Format"/>.</param>
    /// <param name="selfUrl">See <see cref="SelfUrl"/>.</param>
    /// <param name="related">What else its <c>Link</c> header names, with the relations.</param>
    /// <param name="identity">The bytes.</param>
    /// <param name="position">Up to where the topic's changes are in it; 0 when that can be said of none of its instances.</param>
    /// <param name="lastModified">See <see cref="LastModified"/>.</param>
    /// <param name="renderedAt">See <see cref="RenderedAt"/>.</param>
    public Rendering(
        PublishedTopic topic, ArchivePlace place, FeedFormat format, string selfUrl, IEnumerable<(string Relation, string Url)> related, byte[] identity,
        long position, DateTimeOffset? lastModified, long renderedAt)
    {
        Topic = topic;
        Place = place;
        Format = format;
        SelfUrl = selfUrl;
        LastModified = lastModified;
        RenderedAt = renderedAt;
        _confirmedAt = renderedAt;
        LinkHeader = string.Join(", ", related.Prepend(("self", selfUrl)).Select(static link => $"<{link.Item2}>; rel=\"{link.Item1}\""));
        LastModifiedHeader = lastModified is { } date ? FeedDates.Rfc822(date) : StringValues.Empty;
        Tag = FeedTag.Of(selfUrl, Convert.ToHexStringLower(SHA256.HashData(identity).AsSpan(0, 16)), position);
        _tags = [.. TagEnds.Select(end => new StringValues($"\"{Tag}{end}\""))];
        _identity = identity;
        _gzip = PublishThreads.Shared.RunAsync(() => PackedBytes.Gzip(identity));
        _brotli = PublishThreads.Shared.RunAsync(() => PackedBytes.Brotli(identity));
        Packed = Task.WhenAll(_gzip, _brotli);
    }

    /// <summary>What it was made from.</summary>
    public PublishedTopic Topic { get; }

    /// <summary>How far the topic's archive had come.</summary>
    public ArchivePlace Place { get; }

    /// <summary>Its own address.</summary>
    public string SelfUrl { get; }

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

    /// <summary>Until when nobody needs to look whether it is current, as a timestamp of the clock.</summary>
    public long CurrentUntil
    {
        get => Volatile.Read(ref _currentUntil);
        set => Volatile.Write(ref _currentUntil, value);
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
    /// What its entity tags begin with (see <see cref="FeedTag"/>): a hash of the bytes, which hold the entries and nothing of the time or place of
    /// rendering, and the position. So every node, and the same node after a restart, has the same tag for the same entries.
    /// </summary>
    public string Tag { get; }

    /// <summary>The memory it takes, in bytes; that of the packed forms once they are there (<see cref="Packed"/>), and is weighed again then.</summary>
    public long Cost => Overhead + _identity.Length + (Packed.IsCompletedSuccessfully ? _gzip.Result.Length + _brotli.Result.Length : 0);

    /// <summary>The body in a coding, as soon as it is packed.</summary>
    public ValueTask<byte[]> BodyAsync(ContentCoding coding) => coding switch
    {
        ContentCoding.Brotli => new ValueTask<byte[]>(_brotli),
        ContentCoding.Gzip => new ValueTask<byte[]>(_gzip),
        _ => new ValueTask<byte[]>(_identity),
    };

    /// <summary>
    /// The strong entity tag of each coding, which is a representation of its own (RFC 9110 §8.8.3.3): <see cref="Tag"/>, with <c>-br</c> or
    /// <c>-gzip</c> for the coded ones.
    /// </summary>
    /// <param name="asPage">Whether the bytes go under the type that browsers show as a page.</param>
    public ReadOnlySpan<StringValues> Tags(bool asPage) => asPage ? _tags.AsSpan(TagEnds.Length / 2) : _tags.AsSpan(0, TagEnds.Length / 2);
}
