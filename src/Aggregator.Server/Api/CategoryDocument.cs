using Aggregator.Core.Model;

namespace Aggregator.Server.Api;

/// <summary>A category as the API shows it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Slug">Its name in addresses.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">A sentence about it, or null.</param>
/// <param name="Language">Its language (BCP 47).</param>
/// <param name="Position">Its place in lists, ascending.</param>
/// <param name="ShowAttribution">Whether feeds and pages show the line of attribution.</param>
/// <param name="Republish">
/// How much of the entries of its sources may be shown where these have no setting of their own (<c>full</c>, <c>summary</c>, <c>title</c>,
/// <c>nothing</c>), or null for no default.
/// </param>
/// <param name="Rules">The rules for entries of its sources, one a line, or null.</param>
public sealed record CategoryDocument(
    long Id, string Slug, string Title, string? Description, string Language, int Position, bool ShowAttribution, string? Republish, string? Rules)
{
    internal static CategoryDocument Of(Category category)
    {
        return new CategoryDocument(
            category.Id, category.Slug, category.Title, category.Description, category.Language, category.Position, category.ShowAttribution,
            category.Republish?.Name(), category.Rules);
    }
}
