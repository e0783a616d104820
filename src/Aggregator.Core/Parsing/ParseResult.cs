using Aggregator.Core.Model;

namespace Aggregator.Core.Parsing;

/// <summary>What became of a document: a feed, or a reason why it is none.</summary>
public abstract record ParseResult
{
    private ParseResult()
    {
    }

    /// <summary>It is a feed.</summary>
    /// <param name="Feed">What it says.</param>
    public sealed record Parsed(ParsedFeed Feed) : ParseResult;

    /// <summary>It is no feed.</summary>
    /// <param name="Kind"><see cref="FetchFailureKind.EmptyBody"/>, <see cref="FetchFailureKind.HtmlInsteadOfFeed"/>,
    /// <see cref="FetchFailureKind.TooLarge"/> or <see cref="FetchFailureKind.NotAFeed"/>.</param>
    /// <param name="Reason">One English sentence for an admin.</param>
    public sealed record Refused(FetchFailureKind Kind, string Reason) : ParseResult;
}
