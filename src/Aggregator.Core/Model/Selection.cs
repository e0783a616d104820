namespace Aggregator.Core.Model;

/// <summary>What a visitor follows: topics under a token that only he has. Nothing in it says who he is.</summary>
public sealed record Selection
{
    /// <summary>Its number in the store.</summary>
    public required long Id { get; init; }

    /// <summary>What he follows, in the order in which he chose it: categories, sources and searches.</summary>
    public required IReadOnlyList<Topic> Topics
    {
        get;
        init
        {
            field = value;
            CategoryIds = [.. value.OfType<Topic.OfCategory>().Select(static topic => topic.CategoryId)];
            SourceIds = [.. value.OfType<Topic.OfSource>().Select(static topic => topic.SourceId)];
            Searches = [.. value.OfType<Topic.OfSearch>()];
        }
    }

    /// <summary>Tells one state of <see cref="Topics"/> from every other that this selection ever had.</summary>
    public required string Revision { get; init; }

    /// <summary>The day on which it was last used, as its first moment; nothing finer is kept.</summary>
    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>What the last visits have shown.</summary>
    public required SelectionVisit Visit { get; init; }

    /// <summary>The categories among the topics.</summary>
    public IReadOnlyList<long> CategoryIds { get; private init; } = [];

    /// <summary>The sources among the topics.</summary>
    public IReadOnlyList<long> SourceIds { get; private init; } = [];

    /// <summary>The searches among the topics.</summary>
    public IReadOnlyList<Topic.OfSearch> Searches { get; private init; } = [];
}
