using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Dashboard;

namespace Aggregator.Server.Api;

/// <summary>A source as the API shows it, without anything secret. All times are UTC.</summary>
public sealed record SourceDocument
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>The address that is polled; a password, key or token in it is shown as dots.</summary>
    public required string Url { get; init; }

    /// <summary>What to call it.</summary>
    public required string Title { get; init; }

    /// <summary>The page that it belongs to, or null.</summary>
    public string? SiteUrl { get; init; }

    /// <summary><c>active</c>, <c>paused</c> or <c>gone</c>.</summary>
    public required string State { get; init; }

    /// <summary>The slugs of its categories, in the order of lists.</summary>
    public required IReadOnlyList<string> Categories { get; init; }

    /// <summary>How many entries we have of it.</summary>
    public required long Entries { get; init; }

    /// <summary>When it is due next.</summary>
    public required DateTimeOffset NextFetchAt { get; init; }

    /// <summary>When it was last asked, or null.</summary>
    public DateTimeOffset? LastFetchAt { get; init; }

    /// <summary>When it last answered, or null.</summary>
    public DateTimeOffset? LastSuccessAt { get; init; }

    /// <summary>When it last brought something new, or null.</summary>
    public DateTimeOffset? LastChangeAt { get; init; }

    /// <summary>Failures in a row.</summary>
    public required int Failures { get; init; }

    /// <summary>The failure of the last fetch as a sentence, or null.</summary>
    public string? LastFailure { get; init; }

    /// <summary>How much of its entries is shown: <c>full</c>, <c>summary</c>, <c>title</c> or <c>nothing</c>.</summary>
    public required string Republished { get; init; }

    /// <summary>What its feed asks of those who would republish it: <c>blocked</c>, <c>denied</c>, <c>notArchived</c>.</summary>
    public required IReadOnlyList<string> Wishes { get; init; }

    /// <summary>Its rights line, or null.</summary>
    public string? Rights { get; init; }

    /// <summary>The address of the licence of its entries, or null.</summary>
    public string? License { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    internal static SourceDocument Of(SourceListing listing)
    {
        var source = listing.Source;
        return new SourceDocument
        {
            Id = source.Id,
            Url = ShownAddress.Of(source.Url),
            Title = source.DisplayTitle,
            SiteUrl = source.Feed.SiteUrl,
            State = source.State switch { SourceState.Active => "active", SourceState.Paused => "paused", _ => "gone" },
            Categories = [.. listing.Categories.Select(static category => category.Slug)],
            Entries = listing.EntryCount,
            NextFetchAt = source.NextFetchAt,
            LastFetchAt = source.LastFetchAt,
            LastSuccessAt = source.LastSuccessAt,
            LastChangeAt = source.LastChangeAt,
            Failures = source.FailureCount,
            LastFailure = source.LastFailure?.Message,
            Republished = source.Level.Name(),
            Wishes = NamesOf(source.Feed.Wishes),
            Rights = source.Feed.Rights,
            License = source.Feed.LicenseUrl,
            CreatedAt = source.CreatedAt,
        };
    }

    /// <summary>Wishes as the API names them.</summary>
    internal static IReadOnlyList<string> NamesOf(PublisherWishes wishes) =>
    [
        .. Enum.GetValues<PublisherWishes>().Where(wish => wish != PublisherWishes.None && wishes.HasFlag(wish))
            .Select(static wish => JsonNamingPolicy.CamelCase.ConvertName(wish.ToString())),
    ];
}
