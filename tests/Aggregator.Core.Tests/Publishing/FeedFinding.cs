namespace Aggregator.Core.Tests.Publishing;

/// <summary>What <see cref="FeedValidator"/> found wrong, by the name that the W3C validator gives it.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="IsError">False for a warning.</param>
/// <param name="Where">The element or attribute, and its value where that helps.</param>
internal sealed record FeedFinding(string Rule, bool IsError, string Where)
{
    public override string ToString() => $"{(IsError ? "error" : "warning")} {Rule}: {Where}";
}
