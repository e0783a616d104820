using System.Globalization;
using System.Net;
using Aggregator.Core.Publishing;
using Aggregator.Server.Browse;

namespace Aggregator.Server.Embed;

/// <summary>The markup that a site owner pastes into her page.</summary>
internal static class EmbedCode
{
    /// <summary>The width of a frame, in CSS pixels, where nobody asks for another.</summary>
    public const int DefaultWidth = 480;

    private const int LinePixels = 52;
    private const int RowPixels = 84;
    private const int ExcerptPixels = 48;
    private const int FramePixels = 64;

    /// <summary>The address of the framed page.</summary>
    public static string FrameAddress(SiteLinks links, string slug, EmbedLook look) => $"{links.Base}/embed/{slug}{look.ToQuery()}";

    /// <summary>How high a frame is until the page in it says so itself, in CSS pixels.</summary>
    public static int Height(EmbedLook look) =>
        FramePixels + (look.Count * (look.Layout == EmbedLayout.Headlines ? LinePixels : RowPixels + (look.Excerpts ? ExcerptPixels : 0)));

    /// <summary>An <c>iframe</c>.</summary>
    public static string Frame(SiteLinks links, string slug, string title, EmbedLook look, int width, int height) => string.Create(
        CultureInfo.InvariantCulture,
        $"""<iframe src="{Encode(FrameAddress(links, slug, look))}" title="{Encode(title)}" width="{width}" height="{height}" loading="lazy" frameborder="0"></iframe>""");

    /// <summary>
    /// The custom element and its script, whose bytes are named, so that nothing else can ever run in its place (Subresource
    /// Integrity). The link inside is what shows without script, and when the list cannot be had.
    /// </summary>
    public static string Element(SiteLinks links, SiteAssets assets, string slug, string title, EmbedLook look)
    {
        var attributes = $""" category="{Encode(slug)}" count="{look.Count.ToString(CultureInfo.InvariantCulture)}" """.TrimEnd();
        if (look.Layout != EmbedLayout.List) attributes += $" layout=\"{EmbedLook.NameOf(look.Layout)}\"";
        if (look.Theme != EmbedTheme.Auto) attributes += $" theme=\"{EmbedLook.NameOf(look.Theme)}\"";
        if (look.Language is not null) attributes += $" lang=\"{look.Language.Tag}\"";
        if (look.Accent is not null) attributes += $" style=\"--aggregator-accent: #{look.Accent}\"";
        if (look.Images) attributes += " images";
        if (look.Excerpts) attributes += " excerpt";
        return $"""
            <script src="{Encode(links.Base + assets.Path("embed.js"))}" integrity="{assets.Integrity("embed.js")}" crossorigin="anonymous" defer></script>
            <aggregator-feed{attributes}><a href="{Encode(links.Category(slug))}">{Encode(title)}</a></aggregator-feed>
            """;
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
