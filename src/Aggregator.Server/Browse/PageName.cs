namespace Aggregator.Server.Browse;

/// <summary>What tells pages apart that everybody may share: an address in its one spelling, and the language of the site's words.</summary>
/// <param name="Address">Path and query below the site's base.</param>
/// <param name="Language">The language's code.</param>
internal readonly record struct PageName(string Address, string Language)
{
    /// <summary>Whether it is a place inside a list, or a part of one: strangers think those up, so they must not drive the others out of memory.</summary>
    public bool IsDeep => Address.Contains('?', StringComparison.Ordinal);
}
