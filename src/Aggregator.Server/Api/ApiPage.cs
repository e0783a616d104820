namespace Aggregator.Server.Api;

/// <summary>A page of a list.</summary>
/// <param name="Items">What stands on it.</param>
/// <param name="Next">The address of the next page, or null on the last; the header <c>Link</c> names it too (RFC 8288).</param>
public sealed record ApiPage<T>(IReadOnlyList<T> Items, string? Next)
{
    /// <summary>The most items of a page.</summary>
    public const int MaxLimit = 200;

    /// <summary>The items of a page when nobody says how many.</summary>
    public const int DefaultLimit = 50;
}
