using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Dashboard;

namespace Aggregator.Server.Api;

/// <summary>What an admin has set of a source. Secrets are not shown, only that there are any.</summary>
/// <param name="Url">The address that is polled; a password in it is shown as dots.</param>
/// <param name="Title">The title that goes before the feed's own, or null.</param>
/// <param name="State"><c>active</c>, <c>paused</c> or <c>gone</c>.</param>
/// <param name="Categories">The slugs of its categories, in the order of lists.</param>
/// <param name="Zone">The zone of dates that name none (IANA, or an offset), or null for UTC.</param>
/// <param name="Language">The language of entries that declare none (BCP 47), or null.</param>
/// <param name="MinIntervalMinutes">The shortest time between two fetches, in minutes, or null.</param>
/// <param name="MaxIntervalMinutes">The longest time between two fetches, in minutes, or null.</param>
/// <param name="Republish">How much of its entries may be shown (<c>full</c>, <c>summary</c>, <c>title</c>, <c>nothing</c>), or null to go by its categories.</param>
/// <param name="PublisherAgrees">Whether the publisher agreed, so that what its feed asks for as a whole does not count.</param>
/// <param name="Capture">Which pages are captured.</param>
/// <param name="Request">How it is asked.</param>
public sealed record SourceSettingsDocument(
    string Url, string? Title, string State, IReadOnlyList<string> Categories, string? Zone, string? Language, double? MinIntervalMinutes,
    double? MaxIntervalMinutes, string? Republish, bool PublisherAgrees, SourceSettingsDocument.CaptureDocument Capture, SourceSettingsDocument.RequestDocument Request)
{
    /// <summary>The settings of a source.</summary>
    internal static SourceSettingsDocument Of(SourceDetail detail)
    {
        var source = detail.Source;
        var fetch = source.FetchSettings ?? new FetchSettings();
        return new SourceSettingsDocument(
            ShownAddress.Of(source.Url), source.Title, NameOf(source.State), [.. detail.Categories.Select(category => category.Slug)], source.DefaultZone,
            source.DefaultLanguage, source.MinInterval?.TotalMinutes, source.MaxInterval?.TotalMinutes, source.Republish?.Name(), source.PublisherAgrees,
            new CaptureDocument(NameOf(source.Capture.Mode), source.Capture.ShortBelow, source.Capture.Keep, source.Capture.Remove),
            new RequestDocument(
                [.. fetch.Headers.Select(header => header.Name)], fetch.Cookies is not null, fetch.UserName, fetch.Password is not null, fetch.UserAgent,
                fetch.Proxy is { } proxy ? ShownAddress.Of(proxy) : null, fetch.PinnedCertificate, fetch.Charset));
    }

    /// <summary>A state as the API names it.</summary>
    internal static string NameOf(SourceState state) => state switch { SourceState.Active => "active", SourceState.Paused => "paused", _ => "gone" };

    /// <summary>A mode of captures as the API names it: <c>off</c>, <c>whenShort</c>, <c>always</c>.</summary>
    internal static string NameOf(CaptureMode mode) => JsonNamingPolicy.CamelCase.ConvertName(mode.ToString());

    /// <summary>Which pages are captured, and what of them.</summary>
    /// <param name="Mode"><c>off</c>, <c>whenShort</c> or <c>always</c>.</param>
    /// <param name="ShortBelow">The words from which a feed's text is long enough, or null for the general bound.</param>
    /// <param name="Keep">CSS selectors of what makes the body.</param>
    /// <param name="Remove">CSS selectors of what is taken away.</param>
    public sealed record CaptureDocument(string Mode, int? ShortBelow, IReadOnlyList<string> Keep, IReadOnlyList<string> Remove);

    /// <summary>How a source is asked.</summary>
    /// <param name="HeaderNames">The names of its own headers; their values are not shown.</param>
    /// <param name="HasCookies">Whether cookies are set.</param>
    /// <param name="UserName">The user name of basic authentication, or null.</param>
    /// <param name="HasPassword">Whether a password is set.</param>
    /// <param name="UserAgent">How we name ourselves, or null for our own name.</param>
    /// <param name="Proxy">The proxy, or null.</param>
    /// <param name="PinnedCertificate">SHA-256 of the one certificate that is accepted, or null.</param>
    /// <param name="Charset">The encoding whatever the documents say, or null.</param>
    public sealed record RequestDocument(
        IReadOnlyList<string> HeaderNames, bool HasCookies, string? UserName, bool HasPassword, string? UserAgent, string? Proxy,
        string? PinnedCertificate, string? Charset);
}
