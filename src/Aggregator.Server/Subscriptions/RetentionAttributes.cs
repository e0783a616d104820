using Aggregator.Core.Parsing;
using Aggregator.Core.Stores;
using Aggregator.Server.Retention;

namespace Aggregator.Server.Subscriptions;

/// <summary>How long what is of a source or a category is kept, as attributes of an outline and back.</summary>
internal static class RetentionAttributes
{
    /// <summary>The attributes; none for what is left to others.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(RetentionSettings settings)
    {
        var draft = RetentionDraft.Of(settings);
        return OwnAttributes.Of(
            ("entryDays", draft.EntryDays), ("entryCount", draft.EntryCount), ("versionDays", draft.VersionDays), ("versionCount", draft.VersionCount));
    }

    /// <summary>What an outline asks for; nothing, with the reason, when it cannot be used.</summary>
    public static RetentionSettings Read(OpmlOutline outline, out string? problem) =>
        new RetentionDraft(outline.Own("entryDays"), outline.Own("entryCount"), outline.Own("versionDays"), outline.Own("versionCount")).Read(out problem)
        ?? RetentionSettings.None;
}
