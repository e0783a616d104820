using Aggregator.Core.Model;

namespace Aggregator.Server.Selections;

/// <summary>Something that a visitor follows, or may follow, as pages show it.</summary>
/// <param name="Topic">A category, a source or a search.</param>
/// <param name="Field">The field of a form that names it: <c>category</c>, <c>source</c> or <c>search</c>.</param>
/// <param name="Value">That field's value: slug, number, or the search's canonical query.</param>
/// <param name="Title">What to call it.</param>
/// <param name="Language">The language of the title (BCP 47), or null.</param>
/// <param name="Address">Its page, absolute.</param>
public sealed record FollowedTopic(Topic Topic, string Field, string Value, string Title, string? Language, string Address)
{
    /// <summary>The field of a category.</summary>
    public const string Category = "category";

    /// <summary>The field of a source.</summary>
    public const string Source = "source";

    /// <summary>The field of a search.</summary>
    public const string Search = "search";

    /// <summary>Field and value in one word, by which scripts and addresses name it.</summary>
    public string Key => KeyOf(Field, Value);

    /// <inheritdoc cref="Key"/>
    public static string KeyOf(string field, string value) => field + ":" + value;
}
