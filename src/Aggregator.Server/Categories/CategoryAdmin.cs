using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Categories;

/// <summary>What admins do with categories, whichever way they come. Refusals are values; every change is put on record.</summary>
internal sealed class CategoryAdmin(ICategoryStore categories, AuditTrail trail, TimeProvider time)
{
    /// <summary>The longest title, in characters.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>The longest description, in characters.</summary>
    public const int MaxDescriptionLength = 2000;

    /// <summary>Adds a category, or says what is wrong with it.</summary>
    public async Task<(Category? Category, IReadOnlyList<CategoryProblem> Problems)> CreateAsync(CategoryDraft draft, string by, CancellationToken cancellationToken)
    {
        var (wanted, problems) = Judge(draft, new Category { Id = 0, Slug = "", Title = "", Language = "" });
        if (problems.Count > 0) return (null, problems);
        if (await categories.FindAsync(wanted.Slug, cancellationToken) is not null || await categories.FindByOldSlugAsync(wanted.Slug, cancellationToken) is not null)
            return (null, [CategoryProblem.SlugTaken]);

        var added = await categories.AddAsync(wanted, cancellationToken);
        // Somebody else was faster, with another category of that slug.
        if (added with { Id = 0 } != wanted) return (null, [CategoryProblem.SlugTaken]);
        await trail.RecordAsync(by, "category.create", SubjectOf(added), after: added);
        return (added, []);
    }

    /// <summary>Changes a category; its rules and what else the draft does not name stay. A slug that it gives up goes on leading to it.</summary>
    public async Task<(Category? Category, IReadOnlyList<CategoryProblem> Problems)> UpdateAsync(
        long categoryId, CategoryDraft draft, string by, CancellationToken cancellationToken, Category? seen = null)
    {
        if (await categories.FindAsync(categoryId, cancellationToken) is not { } before) return (null, [CategoryProblem.Gone]);
        if (seen is not null && before != seen) return (null, [CategoryProblem.Changed]);
        var (wanted, problems) = Judge(draft, before);
        return problems.Count > 0 ? (null, problems) : await WriteAsync(before, wanted, by, cancellationToken);
    }

    /// <summary>Sets a category's rules, which the caller has judged, when it still has those that the caller has seen.</summary>
    public async Task<IReadOnlyList<CategoryProblem>> SetRulesAsync(long categoryId, string? rules, string? seen, string by, CancellationToken cancellationToken) =>
        await categories.FindAsync(categoryId, cancellationToken) is not { } before ? [CategoryProblem.Gone]
        : (before.Rules ?? "") != (seen ?? "") ? [CategoryProblem.Changed]
        : (await WriteAsync(before, before with { Rules = rules }, by, cancellationToken)).Problems;

    /// <summary>Switches the line of attribution. False when there is no such category.</summary>
    public async Task<bool> SetShowAttributionAsync(string slug, bool show, string by, CancellationToken cancellationToken)
    {
        if (!await categories.SetShowAttributionAsync(slug, show, time.GetUtcNow(), cancellationToken)) return false;
        await trail.RecordAsync(by, "category.edit", "category:" + slug, new { ShowAttribution = !show }, new { ShowAttribution = show });
        return true;
    }

    /// <summary>Deletes a category; its sources and their entries stay.</summary>
    public async Task<CategoryUpdate> DeleteAsync(long categoryId, string by, CancellationToken cancellationToken, Category? seen = null)
    {
        if (await categories.FindAsync(categoryId, cancellationToken) is not { } before) return CategoryUpdate.Unknown;
        if (await categories.DeleteAsync(categoryId, seen, time.GetUtcNow(), cancellationToken) is var outcome && outcome != CategoryUpdate.Done) return outcome;
        await trail.RecordAsync(by, "category.delete", SubjectOf(before), before);
        return outcome;
    }

    private async Task<(Category? Category, IReadOnlyList<CategoryProblem> Problems)> WriteAsync(
        Category before, Category wanted, string by, CancellationToken cancellationToken)
    {
        switch (await categories.UpdateAsync(wanted, before, time.GetUtcNow(), cancellationToken))
        {
            case CategoryUpdate.SlugTaken: return (null, [CategoryProblem.SlugTaken]);
            case CategoryUpdate.Unknown: return (null, [CategoryProblem.Gone]);
            case CategoryUpdate.Changed: return (null, [CategoryProblem.Changed]);
            default:
                await trail.RecordAsync(by, "category.edit", SubjectOf(before), before, wanted);
                return (wanted, []);
        }
    }

    private static (Category Wanted, IReadOnlyList<CategoryProblem> Problems) Judge(CategoryDraft draft, Category before)
    {
        var problems = new List<CategoryProblem>();
        var title = draft.Title.Trim();
        if (title.Length == 0 || !SourceRules.IsTitle(title, MaxTitleLength)) problems.Add(CategoryProblem.Title);
        var slug = draft.Slug.Trim();
        if (slug.Length == 0 && problems.Count == 0) slug = before.Id == 0 ? CategorySlug.FromTitle(title) : before.Slug;
        if (slug.Length > 0 && !CategorySlug.IsValid(slug)) problems.Add(CategoryProblem.Slug);
        var description = draft.Description.Trim();
        if (description.Length > MaxDescriptionLength) problems.Add(CategoryProblem.Description);
        var language = draft.Language.Trim();
        if (!LanguageTag.IsWellFormed(language)) problems.Add(CategoryProblem.Language);
        var position = 0;
        if (draft.Position.Trim() is { Length: > 0 } place && !int.TryParse(place, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out position))
            problems.Add(CategoryProblem.Position);
        var republish = draft.Republish is null ? before.Republish : RepublishLevels.FromName(draft.Republish);
        if (republish is null && draft.Republish is { Length: > 0 }) problems.Add(CategoryProblem.Republish);
        return (before with
        {
            Republish = republish,
            Slug = slug,
            Title = title,
            Description = description.Length == 0 ? null : description,
            Language = language,
            Position = position,
            ShowAttribution = draft.ShowAttribution,
        }, problems);
    }

    private static string SubjectOf(Category category) => "category:" + category.Slug;
}
