using Aggregator.Core.Extracting;

namespace Aggregator.Core.Model;

/// <summary>What an admin wants of the pages of a source's articles: which are captured, and what of them is the article.</summary>
public sealed record CapturePolicy
{
    /// <summary>The largest <see cref="ShortBelow"/>.</summary>
    public const int MaxShortBelow = 100_000;

    /// <summary>No page is captured.</summary>
    public static readonly CapturePolicy Off = new();

    /// <summary>Which entries' pages are captured.</summary>
    public CaptureMode Mode { get; init; }

    /// <summary>
    /// The words from which a feed's text is long enough by itself, 1 to <see cref="MaxShortBelow"/>; a Chinese character counts as one
    /// (<see cref="Normalizing.TextLength"/>). Null for the general bound, <c>Capture:ShortBelow</c>.
    /// </summary>
    public int? ShortBelow { get; init; }

    /// <summary>CSS selectors of the elements that make the body; none means that our rules find it.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>CSS selectors of the elements that are taken away before anything else is done.</summary>
    public IReadOnlyList<string> Remove { get; init; } = [];

    /// <summary>Names what cannot be used, in a sentence with its remedy, or returns null.</summary>
    public string? Problem()
    {
        if (!Enum.IsDefined(Mode)) return "The mode of captures must be off, when-short or always.";
        if (ShortBelow is < 1 or > MaxShortBelow) return $"The bound of a short text must be a number of words from 1 to {MaxShortBelow}.";
        ContentSelectors.Create(Keep, Remove, out var error);
        return error;
    }

    /// <summary>The selectors, ready for use; those that cannot be read, which <see cref="Problem"/> keeps out of the store, count as none.</summary>
    public ContentSelectors Selectors() => ContentSelectors.Create(Keep, Remove, out _) ?? ContentSelectors.None;

    /// <summary>Whether the page of an entry is wanted. Pure.</summary>
    /// <param name="entry">What the feed said of it.</param>
    /// <param name="shortBelow">The general bound, for a source that has none of its own.</param>
    public bool Wants(Entry entry, int shortBelow)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Mode != CaptureMode.Off
            && Parsing.Urls.IsHttp(entry.Url)
            && (Mode == CaptureMode.Always || entry.CountText().Words < (ShortBelow ?? shortBelow));
    }

    /// <inheritdoc />
    public bool Equals(CapturePolicy? other) =>
        other is not null && Mode == other.Mode && ShortBelow == other.ShortBelow && Keep.SequenceEqual(other.Keep) && Remove.SequenceEqual(other.Remove);

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Mode, ShortBelow, Keep.Count, Remove.Count);
}
