using Aggregator.Server.Embed;

namespace Aggregator.Server.Components.Pages;

/// <summary>What a framed list shows.</summary>
/// <param name="List">The list.</param>
/// <param name="Style">The rule with the site owner's colour, or null; the page's policy names its hash.</param>
public sealed record EmbedFrameModel(EmbedList List, string? Style)
{
    /// <summary>The rule that sets the colour, or null for ours.</summary>
    public static string? StyleOf(EmbedLook look) => look.Accent is null ? null : $":root{{--accent:#{look.Accent}}}";
}
