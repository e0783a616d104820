using Aggregator.Core.Stories;

namespace Aggregator.Storage.Stories;

/// <summary>An entry ready to be compared.</summary>
/// <param name="Member">The entry.</param>
/// <param name="Text">Its text.</param>
/// <param name="AddressHash">The hash of its address, where that names an article.</param>
internal sealed record PreparedEntry(StoryGroupMember Member, StoryText Text, long? AddressHash)
{
    public long Id => Member.EntryId;

    /// <summary>The hashes by which its text is found.</summary>
    public IReadOnlyList<long> Sketch { get; } = StorySketch.Of(Text);
}
