namespace Aggregator.Core.Routing;

/// <summary>What is wrong with a rule.</summary>
public enum RoutingProblemKind
{
    /// <summary>Something else should stand here; the detail says what.</summary>
    Expected,

    /// <summary>A text has no closing quotation mark on its line.</summary>
    Unclosed,

    /// <summary>The regular expression cannot be used; the detail says why.</summary>
    Pattern,

    /// <summary>A text is empty or longer than the detail allows.</summary>
    TextLength,

    /// <summary>A category's name in addresses cannot look like this.</summary>
    Slug,

    /// <summary>There are more comparisons in a rule, or more rules, than the detail allows.</summary>
    TooMany,

    /// <summary>Parentheses or "not" are nested deeper than the detail allows.</summary>
    TooDeep,

    /// <summary>The rules together are longer than the detail allows.</summary>
    TooLong,

    /// <summary>There is no category with the name in addresses that the detail says.</summary>
    NoSuchCategory,
}
