using Aggregator.Core.Normalizing;

namespace Aggregator.Server.Browse;

/// <summary>The value of the attribute <c>dir</c> for a text of some language (HTML §3.2.6.4).</summary>
internal static class TextDirection
{
    /// <summary><c>rtl</c> or <c>ltr</c> for a BCP 47 tag, or <c>auto</c> when the language is unknown and the letters must decide.</summary>
    public static string Of(string? language) => ReadingDirection.Of(language);
}
