using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Crawling;

/// <summary>
/// Decides what permanent redirects and lasting failures mean for a source's address. Pure: a slip of a publisher's
/// configuration, or of an attacker's, moves nothing and retires nothing; what stays for long does.
/// </summary>
/// <param name="options">How long is long.</param>
public sealed class AddressPolicy(FetchingOptions options)
{
    /// <summary>The fewest failures in a row after which a source counts as gone, however long it has been silent: it may have been paused.</summary>
    public const int DeadFailures = 10;

    /// <summary>After this many failures in a row the source's site is asked for other feeds.</summary>
    public const int LookAroundFailures = 3;

    /// <summary>What a fetch that brought a feed, or 304, means.</summary>
    /// <param name="source">The source before it.</param>
    /// <param name="movedTo">Where permanent redirects led; see <see cref="FetchResult.MovedTo"/>.</param>
    /// <param name="hasFeed">Whether a feed came from there, and not only word that it has not changed.</param>
    /// <param name="now">The moment of the fetch.</param>
    /// <returns>What is known from now on, and the address to move to, or null to stay.</returns>
    public (FetchState State, string? MoveTo) AfterSuccess(Source source, Uri? movedTo, bool hasFeed, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(source);
        var before = source.FetchState with { Proposals = null, AwaySince = null };
        if (movedTo is null || movedTo.AbsoluteUri == source.Url)
            return (Unmoved(before), null);

        var isSame = before.MovedTo == movedTo.AbsoluteUri;
        var since = isSame ? before.MovedSince ?? now : now;
        var seen = isSame ? before.MovedSeen + 1 : 1;
        if (!hasFeed || seen < options.AdoptMoveSeen || now - since < options.AdoptMoveAfter || KeepsSecretsFor(source, movedTo))
            return (before with { MovedTo = movedTo.AbsoluteUri, MovedSince = since, MovedSeen = seen }, null);

        return (Unmoved(before) with { MovedFrom = Urls.WithoutCredentials(source.Url) }, movedTo.AbsoluteUri);
    }

    /// <summary>What a failure means for what is known of the address.</summary>
    /// <param name="before">What was known.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="movedTo">Where permanent redirects led; see <see cref="FetchResult.MovedTo"/>.</param>
    public static FetchState AfterFailure(FetchState before, FetchFailure failure, Uri? movedTo)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(failure);
        // An error of our own says nothing of the publisher.
        if (failure.Kind == FetchFailureKind.InternalError) return before;
        var after = before with { AwaySince = IsAway(failure) ? before.AwaySince ?? failure.At : null };
        // Of a host that did not answer, or has no time, we know nothing new; but what answers where the feed has moved to has to be one.
        return movedTo is not null && IsNoFeed(failure) ? Unmoved(after) : after;
    }

    /// <summary>Whether a source has been away for so long that it counts as gone.</summary>
    /// <param name="after">What is known of its address after the failure; see <see cref="AfterFailure"/>.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="failuresInARow">How many there were, this one included.</param>
    /// <param name="now">The moment of the fetch.</param>
    public bool IsDead(FetchState after, FetchFailure failure, int failuresInARow, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(after);
        ArgumentNullException.ThrowIfNull(failure);
        return IsAway(failure) && failuresInARow >= DeadFailures && now - after.AwaySince >= options.DeadAfter;
    }

    /// <summary>Whether the source's site is worth asking where its feed is now.</summary>
    /// <param name="failure">The failure.</param>
    /// <param name="failuresInARow">How many there were, this one included.</param>
    /// <param name="isRetired">Whether the source is not asked again after it.</param>
    public static bool ShouldLookAround(FetchFailure failure, int failuresInARow, bool isRetired)
    {
        ArgumentNullException.ThrowIfNull(failure);
        return failure.Kind is FetchFailureKind.NotFound or FetchFailureKind.Gone or FetchFailureKind.HtmlInsteadOfFeed
            && (isRetired || failuresInARow == LookAroundFailures);
    }

    private static FetchState Unmoved(FetchState state) => state with { MovedTo = null, MovedSince = null, MovedSeen = 0 };

    private static bool IsNoFeed(FetchFailure failure) => failure.Kind is FetchFailureKind.NotFound or FetchFailureKind.Gone or FetchFailureKind.AccessDenied
        or FetchFailureKind.ClientError or FetchFailureKind.EmptyBody or FetchFailureKind.HtmlInsteadOfFeed or FetchFailureKind.NotAFeed;

    private static bool IsAway(FetchFailure failure) => failure.Kind is FetchFailureKind.NotFound or FetchFailureKind.UnknownHost;

    // Secrets are for one origin. A source that has some stays where it is until an admin decides.
    private static bool KeepsSecretsFor(Source source, Uri movedTo)
    {
        if (!Uri.TryCreate(source.Url, UriKind.Absolute, out var url)) return true;
        var hasSecrets = url.UserInfo.Length > 0
            || source.FetchSettings is { } settings && (settings.Cookies ?? settings.UserName ?? settings.PinnedCertificate) is not null
            || source.FetchSettings?.Headers.Count > 0;
        return hasSecrets && (url.GetLeftPart(UriPartial.Authority) != movedTo.GetLeftPart(UriPartial.Authority) || url.UserInfo.Length > 0);
    }
}
