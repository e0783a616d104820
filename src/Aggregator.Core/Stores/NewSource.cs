using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>A source to add, as an admin or a subscription list names it.</summary>
public sealed record NewSource
{
    /// <summary>The longest address, in bytes of UTF-8: what an index of PostgreSQL takes for certain.</summary>
    public const int MaxUrlBytes = 2048;

    /// <summary>Its address; see <see cref="Model.Source.Url"/>.</summary>
    public required string Url { get; init; }

    /// <summary>A title that goes before the feed's own, or null.</summary>
    public string? Title { get; init; }

    /// <summary>The page that it belongs to, until the feed says so itself.</summary>
    public string? SiteUrl { get; init; }

    /// <summary>See <see cref="Model.Source.DefaultZone"/>.</summary>
    public string? DefaultZone { get; init; }

    /// <summary>See <see cref="Model.Source.DefaultLanguage"/>.</summary>
    public string? DefaultLanguage { get; init; }

    /// <summary>See <see cref="Model.Source.State"/>; a source that is not active waits for an admin.</summary>
    public SourceState State { get; init; } = SourceState.Active;

    /// <summary>See <see cref="Model.Source.MinInterval"/>.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>See <see cref="Model.Source.MaxInterval"/>.</summary>
    public TimeSpan? MaxInterval { get; init; }

    /// <summary>See <see cref="Model.Source.FetchSettings"/>.</summary>
    public FetchSettings? FetchSettings { get; init; }

    /// <summary>See <see cref="Model.Source.Republish"/>.</summary>
    public RepublishLevel? Republish { get; init; }

    /// <summary>See <see cref="Model.Source.PublisherAgrees"/>.</summary>
    public bool PublisherAgrees { get; init; }

    /// <summary>See <see cref="Model.Source.Rules"/>.</summary>
    public string? Rules { get; init; }

    /// <summary>See <see cref="Model.Source.Capture"/>.</summary>
    public CapturePolicy Capture { get; init; } = CapturePolicy.Off;

    /// <summary>How long what is of it is kept; <see cref="RetentionSettings.None"/> leaves it to the others.</summary>
    public RetentionSettings Retention { get; init; } = RetentionSettings.None;

    /// <summary>The categories it belongs to.</summary>
    public IReadOnlyList<long> CategoryIds { get; init; } = [];
}
