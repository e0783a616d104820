using Aggregator.Core.Publishing;

namespace Aggregator.Server.Dashboard;

/// <summary>A source's address as an admin may see it on a screen that others look at too.</summary>
internal static class ShownAddress
{
    /// <summary>The address with its password and what its query calls a key or a token replaced; anything that is no address comes back as it is.</summary>
    public static string Of(string url) => PublicSourceAddress.Masked(url);

    /// <summary>
    /// What an entered address means where one is set already: the shown one that comes back means the one that is set. Null for a shown one
    /// that was changed, since nobody knows what its mask stands for.
    /// </summary>
    public static string? Meant(string entered, string? set) =>
        set is not null && entered == Of(set) ? set : entered.Contains(PublicSourceAddress.Mask, StringComparison.Ordinal) ? null : entered;
}
