using Aggregator.Server.Categories;

namespace Aggregator.Server.Dashboard;

/// <summary>What the fields of a category hold.</summary>
/// <param name="Draft">Their values.</param>
/// <param name="Problems">What is wrong with them.</param>
public sealed record CategoryFieldsModel(CategoryDraft Draft, IReadOnlyList<CategoryProblem> Problems);
