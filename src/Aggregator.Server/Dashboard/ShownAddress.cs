using Aggregator.Core.Publishing;

namespace Aggregator.Server.Dashboard;

/// <summary>A source's address as an admin may see it on a screen that others look at too.</summary>
internal static class ShownAddress
{
    /// <summary>What stands for a secret.</summary>
    public const char Mask = PublicSourceAddress.Mask;

    /// <summary>The address with its password and what its query calls a key or a token replaced; anything that is no address comes back as it is.</summary>
    public static string Of(string url) => PublicSourceAddress.Masked(url);

    /// <summary>Whether what was entered is a shown address that was changed: nobody knows what its mask stands for.</summary>
    public static bool IsMasked(string entered) => entered.Contains(Mask, StringComparison.Ordinal);
}
