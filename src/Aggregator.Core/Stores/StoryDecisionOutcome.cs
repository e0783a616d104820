namespace Aggregator.Core.Stores;

/// <summary>What came of an admin's decision about a story.</summary>
public enum StoryDecisionOutcome
{
    /// <summary>It is done and kept.</summary>
    Done,

    /// <summary>There is no such entry.</summary>
    NotFound,

    /// <summary>It was that way already.</summary>
    Unchanged,

    /// <summary>The story would have more than <see cref="Story.MaxMembers"/> entries.</summary>
    TooLarge,
}
