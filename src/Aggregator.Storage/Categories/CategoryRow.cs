using Aggregator.Core.Model;

namespace Aggregator.Storage.Categories;

/// <summary>A row of <c>category</c>.</summary>
internal record CategoryRow
{
    public required long Id { get; init; }
    public required string Slug { get; init; }
    public required string Title { get; init; }
    public string? Description { get; init; }
    public required string Language { get; init; }
    public required bool ShowAttribution { get; init; }
    public required int Position { get; init; }
    public string? Rules { get; init; }
    public int? Republish { get; init; }

    public Category ToCategory() => new()
    {
        Id = Id,
        Slug = Slug,
        Title = Title,
        Description = Description,
        Language = Language,
        ShowAttribution = ShowAttribution,
        Position = Position,
        Rules = Rules,
        Republish = (RepublishLevel?)Republish,
    };

    /// <summary>Categories in the order of lists. It is made here, because databases disagree about the order of texts.</summary>
    public static List<Category> InOrder(IEnumerable<CategoryRow> rows) =>
        [.. rows.OrderBy(row => row.Position).ThenBy(row => row.Title, StringComparer.Ordinal).ThenBy(row => row.Id).Select(row => row.ToCategory())];
}
