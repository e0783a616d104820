using System.Text.RegularExpressions;

namespace Aggregator.Core.Publishing;

/// <summary>Language tags as they may stand in a published document.</summary>
internal static partial class FeedLanguage
{
    /// <summary>The tag when it has the shape of one (BCP 47, primary language first), else null: upstream feeds say anything here.</summary>
    public static string? Valid(string? tag) => tag is not null && Shape().IsMatch(tag) ? tag : null;

    [GeneratedRegex("^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,5}$", RegexOptions.NonBacktracking)]
    private static partial Regex Shape();
}
