using Aggregator.Server.Browse;

namespace Aggregator.Server.Embed;

/// <summary>A category's newest entries as an embedded list shows them.</summary>
/// <param name="Slug">The category's slug.</param>
/// <param name="Title">Its title.</param>
/// <param name="Language">Its language.</param>
/// <param name="Look">What the site owner chose.</param>
/// <param name="Entries">The entries, newest first.</param>
public sealed record EmbedList(string Slug, string Title, string Language, EmbedLook Look, IReadOnlyList<ListedEntry> Entries);
