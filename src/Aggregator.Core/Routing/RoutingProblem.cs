namespace Aggregator.Core.Routing;

/// <summary>Where and why rules cannot be read.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character in it, from 1.</param>
/// <param name="Kind">What is wrong.</param>
/// <param name="Detail">What the kind says that it is; never an entry's text.</param>
public sealed record RoutingProblem(int Line, int Column, RoutingProblemKind Kind, string Detail)
{
    /// <summary>A detail of <see cref="RoutingProblemKind.Expected"/>; others are the words of the grammar that may stand there.</summary>
    public const string AField = "a field (title, summary, content, author, link, tag, source, language), \"not\" or \"(\"";

    /// <inheritdoc cref="AField"/>
    public const string AText = "a text in quotation marks";

    /// <inheritdoc cref="AField"/>
    public const string ARule = "a rule";

    /// <inheritdoc cref="AField"/>
    public const string TheEnd = "the end of the line";

    /// <summary>The same as one English sentence, for logs and programs.</summary>
    public override string ToString() => $"Line {Line}, column {Column}: " + Kind switch
    {
        RoutingProblemKind.Expected => $"{Detail} is expected here.",
        RoutingProblemKind.Unclosed => "a text that begins here has no closing quotation mark.",
        RoutingProblemKind.Pattern => $"the pattern cannot be used: {Detail}",
        RoutingProblemKind.TextLength => $"a text has 1 to {Detail} characters.",
        RoutingProblemKind.Slug => "a category is named by its slug: lower-case letters, digits and hyphens.",
        RoutingProblemKind.NoSuchCategory => $"there is no category \"{Detail}\".",
        RoutingProblemKind.TooMany => $"there are at most {Detail}.",
        RoutingProblemKind.TooDeep => $"parentheses and \"not\" nest at most {Detail} deep.",
        RoutingProblemKind.TooLong => $"the rules together have at most {Detail} characters.",
        _ => Kind.ToString(),
    };
}
