using System.Globalization;
using Aggregator.Server.Categories;

namespace Aggregator.Server.Api;

/// <summary>A category as a program wants it; its rules are changed elsewhere and stay.</summary>
/// <param name="Title">Its title.</param>
/// <param name="Language">Its language (BCP 47).</param>
/// <param name="Slug">Its name in addresses; without one it is made of the title, or stays.</param>
/// <param name="Description">A sentence about it.</param>
/// <param name="Position">Its place in lists, ascending; 0 when absent.</param>
/// <param name="ShowAttribution">Whether feeds and pages show the line of attribution; they do when it is absent.</param>
/// <param name="Republish">
/// How much of the entries of its sources may be shown where these have no setting of their own: <c>full</c>, <c>summary</c>, <c>title</c> or
/// <c>nothing</c>, <c>unset</c> for no default; what there is stays when it is absent, so that no program loosens it by not knowing of it.
/// </param>
public sealed record CategoryChange(
    string? Title, string? Language, string? Slug = null, string? Description = null, int? Position = null, bool? ShowAttribution = null,
    string? Republish = null)
{
    internal CategoryDraft ToDraft() => new(
        Title ?? "", Slug ?? "", Description ?? "", Language ?? "", Position?.ToString(CultureInfo.InvariantCulture) ?? "", ShowAttribution ?? true,
        Republish == "unset" ? "" : Republish);
}
