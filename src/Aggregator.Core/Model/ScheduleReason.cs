using System.Globalization;

namespace Aggregator.Core.Model;

/// <summary>Why a source is due when it is, without the words of any language.</summary>
/// <param name="Kind">What decided.</param>
/// <param name="Wait">The wait that came of it, before it was spread.</param>
/// <param name="Span">The time that the kind speaks of, or null.</param>
/// <param name="Count">The number that the kind speaks of, or null.</param>
public sealed record ScheduleReason(ScheduleReasonKind Kind, TimeSpan Wait, TimeSpan? Span = null, int? Count = null)
{
    /// <summary>What the store keeps: the kind, both times in whole seconds, and the count, between colons.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Kind}:{(long)Wait.TotalSeconds}:{(Span is { } span ? (long)span.TotalSeconds : (long?)null)}:{Count}");

    /// <summary>Reads <see cref="ToString"/>, or returns null: what an older version stored was a sentence.</summary>
    public static ScheduleReason? Parse(string? stored)
    {
        if (stored?.Split(':') is not [var name, var wait, var span, var count]
            || !Enum.TryParse<ScheduleReasonKind>(name, out var kind) || !Enum.IsDefined(kind)
            || !TryRead(wait, out var waitSeconds) || waitSeconds is null || !TryRead(span, out var spanSeconds) || !TryRead(count, out var number))
            return null;
        return new ScheduleReason(
            kind, TimeSpan.FromSeconds(waitSeconds.Value), spanSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null, (int?)number);
    }

    private static bool TryRead(string text, out long? value)
    {
        value = null;
        if (text.Length == 0) return true;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number > int.MaxValue) return false;
        value = number;
        return true;
    }
}
