namespace Aggregator.Core.Stores;

/// <summary>Entries of one or more sources that tell the same article.</summary>
/// <param name="Id">Its number, which its page is made of.</param>
/// <param name="Members">Its entries, the one that leads first, then in the order of time: at most <see cref="MaxMembers"/>.</param>
public sealed record Story(long Id, IReadOnlyList<StoryMember> Members)
{
    /// <summary>The most entries that one story has; what comes then begins another.</summary>
    public const int MaxMembers = 200;

    /// <summary>How many sources tell it.</summary>
    public int SourceCount => Members.Select(static member => member.SourceId).Distinct().Count();
}
