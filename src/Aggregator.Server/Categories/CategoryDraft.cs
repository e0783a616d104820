namespace Aggregator.Server.Categories;

/// <summary>A category as an admin fills it in, nothing of it judged yet.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Slug">Its name in addresses; empty to have one made of the title.</param>
/// <param name="Description">A sentence about it, or empty.</param>
/// <param name="Language">Its language (BCP 47).</param>
/// <param name="Position">Its place in lists, a whole number; empty for 0.</param>
/// <param name="ShowAttribution">Whether feeds and pages show the line of attribution.</param>
/// <param name="Republish">
/// How much of the entries of its sources may be shown, by the name of a level; empty for no default, null to leave what there is.
/// </param>
public sealed record CategoryDraft(
    string Title, string Slug, string Description, string Language, string Position, bool ShowAttribution, string? Republish = null);
