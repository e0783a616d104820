using System.Globalization;
using Aggregator.Core.Model;

namespace Aggregator.Server.Routing;

/// <summary>Whose rules they are: a category's, for entries of its sources, or a source's.</summary>
/// <param name="IsSource">Whether it is a source.</param>
/// <param name="Id">Its number.</param>
public sealed record RuleOwner(bool IsSource, long Id)
{
    /// <summary>The entries that the rules are about.</summary>
    public Topic Topic => IsSource ? Topic.Source(Id) : Topic.Category(Id);

    /// <summary>The page of the rules, under the dashboard.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/{(IsSource ? "sources" : "categories")}/{Id}/rules");

    /// <summary>A category.</summary>
    public static RuleOwner Category(long id) => new(IsSource: false, id);

    /// <summary>A source.</summary>
    public static RuleOwner Source(long id) => new(IsSource: true, id);

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsSource ? "source" : "category")}:{Id}");
}
