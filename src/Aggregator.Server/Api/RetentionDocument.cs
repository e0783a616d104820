using Aggregator.Core.Stores;

namespace Aggregator.Server.Api;

/// <summary>How long what is of a source or a category is kept, as far as an admin set it; null leaves it to who is asked next.</summary>
/// <param name="Entries">For how long entries are kept that have left their feed.</param>
/// <param name="Versions">For how long texts of versions are kept; the first and the last always are.</param>
public sealed record RetentionDocument(RetentionRuleDocument? Entries = null, RetentionRuleDocument? Versions = null)
{
    internal static RetentionDocument Of(RetentionSettings settings) => new(RetentionRuleDocument.Of(settings.Entries), RetentionRuleDocument.Of(settings.Versions));

    internal RetentionSettings ToSettings() => new(Entries?.ToRule(), Versions?.ToRule());
}
