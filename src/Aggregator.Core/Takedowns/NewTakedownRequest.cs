namespace Aggregator.Core.Takedowns;

/// <summary>What a visitor asks for. Longer texts are refused.</summary>
/// <param name="EntryId">The article.</param>
/// <param name="Reason">Why.</param>
/// <param name="Message">In the visitor's words, at most <see cref="MaxMessageLength"/> characters.</param>
/// <param name="Contact">Where to answer, at most <see cref="MaxContactLength"/> characters; null when the visitor does not say.</param>
public sealed record NewTakedownRequest(long EntryId, TakedownReason Reason, string? Message, string? Contact)
{
    /// <summary>The longest message, in UTF-16 code units.</summary>
    public const int MaxMessageLength = 4_000;

    /// <summary>The longest contact, in UTF-16 code units.</summary>
    public const int MaxContactLength = 200;
}
