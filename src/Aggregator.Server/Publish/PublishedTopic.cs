using Aggregator.Core.Model;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Publish;

/// <summary>A topic as it stands now. A rendering belongs to one of these; whatever changes here makes a new rendering.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Slug">The slug, when it is a category.</param>
/// <param name="Title">The title of its feeds.</param>
/// <param name="Description">Their description, or null.</param>
/// <param name="Language">Their language.</param>
/// <param name="ShowAttribution">Whether they show the attribution line.</param>
/// <param name="Version">How often its entries have changed.</param>
internal sealed record PublishedTopic(
    Topic Topic, string? Slug, string Title, string? Description, string Language, bool ShowAttribution, TopicVersion Version)
{
    /// <summary>Whether of each story only the entry that leads is shown.</summary>
    public bool OncePerStory { get; init; }

    /// <summary>Which topics it is made of, when it is a selection (<see cref="Core.Model.Selection.Revision"/>): its version tells of their entries only.</summary>
    public string? Revision { get; init; }
}
