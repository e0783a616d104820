using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>What an admin sets of a source, all of it: what is null is set to nothing.</summary>
public sealed record SourceEdit
{
    /// <summary>The longest title, in characters.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>See <see cref="Source.Url"/>. Another address starts over: validators, failures and what redirects taught are forgotten.</summary>
    public required string Url { get; init; }

    /// <summary>See <see cref="Source.Title"/>.</summary>
    public string? Title { get; init; }

    /// <summary>See <see cref="Source.DefaultZone"/>.</summary>
    public string? DefaultZone { get; init; }

    /// <summary>See <see cref="Source.DefaultLanguage"/>.</summary>
    public string? DefaultLanguage { get; init; }

    /// <summary>See <see cref="Source.MinInterval"/>.</summary>
    public TimeSpan? MinInterval { get; init; }

    /// <summary>See <see cref="Source.MaxInterval"/>.</summary>
    public TimeSpan? MaxInterval { get; init; }

    /// <summary>See <see cref="Source.FetchSettings"/>.</summary>
    public FetchSettings? FetchSettings { get; init; }

    /// <summary>See <see cref="Source.Republish"/>.</summary>
    public RepublishLevel? Republish { get; init; }

    /// <summary>See <see cref="Source.PublisherAgrees"/>.</summary>
    public bool PublisherAgrees { get; init; }

    /// <summary>The categories it belongs to from now on.</summary>
    public IReadOnlyList<long> CategoryIds { get; init; } = [];

    /// <summary>Whether it is active or paused from now on; null leaves it as it is. It may be gone only where this says what is.</summary>
    public SourceState? State { get; init; }

    /// <summary>Which pages are captured from now on; null leaves it as it is.</summary>
    public CapturePolicy? Capture { get; init; }

    /// <summary>Whether two say the same; the order of categories says nothing.</summary>
    public bool IsSameAs(SourceEdit other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (one, two) = (FetchSettings ?? new FetchSettings(), other.FetchSettings ?? new FetchSettings());
        return this with { FetchSettings = null, CategoryIds = [] } == other with { FetchSettings = null, CategoryIds = [] }
            && one with { Headers = [] } == two with { Headers = [] }
            && one.Headers.SequenceEqual(two.Headers)
            && CategoryIds.ToHashSet().SetEquals(other.CategoryIds);
    }

    /// <summary>The settings that a source has now.</summary>
    public static SourceEdit Of(Source source, IEnumerable<Category> categories)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new SourceEdit
        {
            Url = source.Url,
            Title = source.Title,
            DefaultZone = source.DefaultZone,
            DefaultLanguage = source.DefaultLanguage,
            MinInterval = source.MinInterval,
            MaxInterval = source.MaxInterval,
            FetchSettings = source.FetchSettings,
            Republish = source.Republish,
            PublisherAgrees = source.PublisherAgrees,
            CategoryIds = [.. categories.Select(category => category.Id)],
            State = source.State,
            Capture = source.Capture,
        };
    }
}
