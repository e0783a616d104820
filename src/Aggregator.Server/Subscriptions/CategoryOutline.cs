using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;
using Aggregator.Core.Routing;
using Aggregator.Core.Stores;
using Aggregator.Server.Categories;
using Aggregator.Server.Sources;

namespace Aggregator.Server.Subscriptions;

/// <summary>A category as a folder of outlines and back, with everything that an admin can set.</summary>
internal static class CategoryOutline
{
    /// <summary>The folder of a category.</summary>
    public static OpmlOutline Of(Category category, IEnumerable<string> oldSlugs, RetentionSettings retention, IReadOnlyList<OpmlOutline> sources)
    {
        var old = string.Join(' ', oldSlugs);
        return new OpmlOutline
        {
            Text = category.Title,
            Attributes =
            [
                .. OwnAttributes.Of(
                    ("slug", category.Slug), ("language", category.Language), ("description", category.Description),
                    ("attribution", category.ShowAttribution ? null : "false"),
                    ("position", category.Position == 0 ? null : category.Position.ToString(CultureInfo.InvariantCulture)),
                    ("republish", category.Republish?.Name()), ("rules", category.Rules), ("oldSlugs", old.Length == 0 ? null : old)),
                .. RetentionAttributes.Of(retention),
            ],
            Outlines = sources,
        };
    }

    /// <summary>The category that a folder asks for, or null for a folder without a name. What cannot be used is left out and named.</summary>
    public static Category? Read(OpmlOutline folder, out IReadOnlyList<(ImportReason Reason, string? Detail)> problems)
    {
        var found = new List<(ImportReason, string?)>();
        problems = found;
        var title = SourceRules.TitleOf(folder.DisplayName, CategoryAdmin.MaxTitleLength);
        var wanted = folder.Own("slug");
        if (wanted is not null && !CategorySlug.IsValid(wanted)) found.Add((ImportReason.Slug, Shortened(wanted)));
        if (title.Length == 0 && !CategorySlug.IsValid(wanted)) return null;

        var rules = folder.Own("rules");
        if (!RoutingRules.TryParse(rules, out _, out var wrong))
        {
            found.Add((ImportReason.Rules, wrong.ToString()));
            rules = null;
        }

        var language = folder.Own("language") is { Length: > 0 } declared ? declared : null;
        if (language is not null && !LanguageTag.IsWellFormed(language))
        {
            found.Add((ImportReason.Language, Shortened(language)));
            language = null;
        }

        var description = folder.Own("description");
        if (!SourceRules.IsTitle(folder.DisplayName, CategoryAdmin.MaxTitleLength) || description?.Length > CategoryAdmin.MaxDescriptionLength)
        {
            found.Add((ImportReason.Title, null));
            description = description is null ? null : TextCut.To(description, CategoryAdmin.MaxDescriptionLength);
        }

        var republish = SourceOutline.RepublishOf(folder, found);
        var slug = CategorySlug.IsValid(wanted) ? wanted! : CategorySlug.FromTitle(title);
        return new Category
        {
            Id = 0,
            Slug = slug,
            Title = title.Length > 0 ? title : slug,
            Description = description,
            Language = language ?? (title.Any(IsHan) ? "zh" : "en"),
            ShowAttribution = folder.Own("attribution") is not "false",
            Position = int.TryParse(folder.Own("position"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position) ? position : 0,
            Republish = republish,
            Rules = string.IsNullOrEmpty(rules) ? null : rules,
        };
    }

    private static string Shortened(string text) => TextCut.WithEllipsis(text, SourceOutline.ShownLength);

    private static bool IsHan(char c) => c is >= '\u4E00' and <= '\u9FFF';
}
