namespace Aggregator.Server.Api;

/// <summary>
/// A change of a source's settings, as a JSON merge patch (RFC 7396): what is absent stays, what is null is set to nothing.
/// It describes what <see cref="SourcePatch"/> reads.
/// </summary>
/// <param name="Url">The address; another origin starts without the secrets of the old one.</param>
/// <param name="Title">The title that goes before the feed's own.</param>
/// <param name="State"><c>active</c> or <c>paused</c>.</param>
/// <param name="Categories">The slugs of exactly the categories that it is to be in.</param>
/// <param name="Zone">The zone of dates that name none: an IANA name or an offset.</param>
/// <param name="Language">The language of entries that declare none (BCP 47).</param>
/// <param name="MinIntervalMinutes">The shortest time between two fetches, in minutes.</param>
/// <param name="MaxIntervalMinutes">The longest time between two fetches, in minutes.</param>
/// <param name="Republish">
/// How much of its entries may be shown: <c>full</c>, <c>summary</c>, <c>title</c> or <c>nothing</c>; null is as its categories say.
/// </param>
/// <param name="PublisherAgrees">Whether the publisher agreed, so that what its feed asks for as a whole does not count.</param>
/// <param name="Capture">Which pages are captured; null is none.</param>
/// <param name="Request">How it is asked; null is as every other.</param>
public sealed record SourceChange(
    string? Url = null, string? Title = null, string? State = null, IReadOnlyList<string>? Categories = null, string? Zone = null, string? Language = null,
    double? MinIntervalMinutes = null, double? MaxIntervalMinutes = null, string? Republish = null, bool? PublisherAgrees = null,
    SourceChange.CaptureChange? Capture = null, SourceChange.RequestChange? Request = null)
{
    /// <summary>Which pages are captured, and what of them.</summary>
    /// <param name="Mode"><c>off</c>, <c>whenShort</c> or <c>always</c>.</param>
    /// <param name="ShortBelow">The words from which a feed's text is long enough.</param>
    /// <param name="Keep">CSS selectors of what makes the body.</param>
    /// <param name="Remove">CSS selectors of what is taken away.</param>
    public sealed record CaptureChange(string? Mode = null, int? ShortBelow = null, IReadOnlyList<string>? Keep = null, IReadOnlyList<string>? Remove = null);

    /// <summary>How a source is asked.</summary>
    /// <param name="Headers">Own headers by name; null takes one away.</param>
    /// <param name="Cookies">The <c>Cookie</c> header.</param>
    /// <param name="UserName">The user name of basic authentication.</param>
    /// <param name="Password">The password that belongs to it.</param>
    /// <param name="UserAgent">How we name ourselves.</param>
    /// <param name="Proxy">The proxy, <c>http://host:port</c>.</param>
    /// <param name="PinnedCertificate">SHA-256 of the one certificate that is accepted.</param>
    /// <param name="Charset">The encoding whatever the documents say.</param>
    public sealed record RequestChange(
        IReadOnlyDictionary<string, string?>? Headers = null, string? Cookies = null, string? UserName = null, string? Password = null, string? UserAgent = null,
        string? Proxy = null, string? PinnedCertificate = null, string? Charset = null);
}
