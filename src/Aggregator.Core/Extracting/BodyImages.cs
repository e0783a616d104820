using System.Globalization;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>Pictures of a page: those loaded late get their addresses, ornaments of the site go.</summary>
internal static partial class BodyImages
{
    /// <summary>A picture with a declared side up to this many pixels is an ornament.</summary>
    private const int MinSide = 40;

    private static readonly string[] LazySources =
        ["data-src", "data-original", "data-lazy-src", "data-actualsrc", "data-original-src", "data-lazyload", "data-lazy", "data-echo", "data-url", "data-real-src", "data-backsrc", "original", "real_src", "file", "zoomfile", "lazysrc", "lazy-src", "_src", "src2"];

    private static readonly string[] LazySourceSets = ["data-srcset", "data-lazy-srcset", "data-original-set"];

    /// <summary>Writes the address that a script would have loaded into <c>src</c>, and drops pictures that are data.</summary>
    internal static void Resolve(IElement root)
    {
        foreach (var image in root.QuerySelectorAll("img, source"))
        {
            foreach (var name in LazySourceSets)
                if (image.GetAttribute(name) is { Length: > 0 } set)
                {
                    image.SetAttribute("srcset", set);
                    break;
                }

            if (image.LocalName != "img") continue;
            var shown = image.GetAttribute("src")?.Trim();
            var isShown = shown is { Length: > 0 } && !shown.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && !OrnamentName().IsMatch(shown[(shown.LastIndexOf('/') + 1)..]);
            // A bare file name beside a picture that is there is the name of the upload.
            var lazy = LazySources.Select(image.GetAttribute).FirstOrDefault(value => IsAddress(value) && (!isShown || IsWhole(value!)));
            if (lazy is not null) image.SetAttribute("src", lazy.Trim());
            else if (string.IsNullOrEmpty(shown) || shown.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
            {
                if (Largest(image.GetAttribute("srcset")) is { } largest) image.SetAttribute("src", largest);
                else if (shown is not null) image.RemoveAttribute("src");
            }

            // SmartReader takes any attribute that looks like a file for the picture, the name of the upload in the title included.
            if (image.GetAttribute("src") is not { Length: > 0 }) continue;
            foreach (var attribute in image.Attributes.ToList())
                if (attribute.Name is not ("src" or "srcset" or "sizes" or "alt" or "width" or "height" or "class" or "id" or "style") && (attribute.Name != "title" || FileName().IsMatch(attribute.Value[..Math.Min(attribute.Value.Length, 200)])))
                    image.RemoveAttribute(attribute.Name);
        }
    }

    /// <summary>Whether the picture belongs to the site rather than to the article: a button, an end mark, a code to scan, a counter.</summary>
    internal static bool IsOrnament(IElement image)
    {
        if (Side(image, "width") is <= MinSide || Side(image, "height") is <= MinSide) return true;
        var source = image.GetAttribute("src") ?? "";
        if (source.Length == 0) return image.GetAttribute("srcset") is null;
        if (source.StartsWith("data:", StringComparison.OrdinalIgnoreCase)) return true;
        var path = source;
        var query = path.IndexOfAny(['?', '#']);
        if (query >= 0) path = path[..query];
        if (path.Length > 1_000) return false;
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (OrnamentName().IsMatch(name)) return true;
        // A photograph's name holds a number or a hash; a button's is a word.
        return WordName().IsMatch(name) && OrnamentFolder().IsMatch(path) && !UploadFolder().IsMatch(path);
    }

    /// <summary>Takes away the pictures of players and advertisements, which only their containers tell.</summary>
    internal static void RemoveForeign(IDocument document)
    {
        var judged = new Dictionary<IElement, bool>();
        foreach (var image in document.QuerySelectorAll("img").ToList())
        {
            var around = image.ParentElement;
            for (var depth = 0; depth < 4 && around is not null && around.LocalName is not ("body" or "article"); depth++, around = around.ParentElement)
            {
                if (!judged.TryGetValue(around, out var isForeign))
                    judged[around] = isForeign = around.ClassName is { Length: < 300 } mark && ForeignMark().IsMatch(mark) && PageLines.Collapse(around.TextContent).Length < 200;
                if (!isForeign) continue;
                image.Remove();
                break;
            }
        }
    }

    /// <summary>The address of the widest candidate of a <c>srcset</c>.</summary>
    internal static string? Largest(string? sourceSet)
    {
        if (sourceSet is null || sourceSet.Length > 16 * 1024) return null;
        string? largest = null;
        var width = -1.0;
        foreach (var candidate in sourceSet.Split(", ", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var space = candidate.LastIndexOf(' ');
            var size = 0.0;
            if (space > 0) _ = double.TryParse(candidate.AsSpan(space + 1).TrimEnd("wxh"), NumberStyles.Float, CultureInfo.InvariantCulture, out size);
            var address = (space > 0 ? candidate[..space] : candidate).Trim().TrimEnd(',');
            if (size > width && IsAddress(address))
            {
                width = size;
                largest = address;
            }
        }

        return largest;
    }

    private static bool IsAddress(string? value) =>
        value is { Length: > 3 and <= 4_096 } && !value.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && !value.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)
        && (value.Contains('/', StringComparison.Ordinal) || value.Contains('.', StringComparison.Ordinal)) && !value.AsSpan().Trim().Contains(' ');

    private static bool IsWhole(string address) =>
        address.StartsWith("http", StringComparison.OrdinalIgnoreCase) || address[0] == '/' || address.StartsWith("./", StringComparison.Ordinal) || address.StartsWith("../", StringComparison.Ordinal);

    private static double? Side(IElement image, string name) =>
        double.TryParse(image.GetAttribute(name)?.Replace("px", "", StringComparison.OrdinalIgnoreCase), NumberStyles.Float, CultureInfo.InvariantCulture, out var side) ? side : null;

    [GeneratedRegex(@"(?:^|[\s_-])(?:ads?|advert\w*|gg\d*|guanggao|banner|video|player|sponsor\w*|promo)(?:[\s_-]|\d|$)|videolist|video-?(?:info|wrap|box|area|player)|qr-?code", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex ForeignMark();

    [GeneratedRegex(@"^(?:end_?[a-z]*|vip[-_]\w+|.*(?:qr_?code|erweima|ewm|favicon|next_?page|prev_?page|spacer|blank|pixel|loading|placeholder|transparent|1x1|beacon|weixin_|wx_?qr|logo)\w*)\.(?:png|gif|jpe?g|svg|webp|ico|bmp)$|\.(?:svg|ico)$|size\d*_w(?:[0-9]|[1-3][0-9])_h", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex OrnamentName();

    [GeneratedRegex(@"/(?:css\d*|icons?|static|skins?|templates?|themes?|assets|img|imgs|images?|common|deco|statics?|face|emot\w*|smil\w*)/", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex OrnamentFolder();

    [GeneratedRegex(@"\.(?:jpe?g|png|webp|gif|bmp)\b", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex FileName();

    [GeneratedRegex(@"upload|attach|/(?:19|20)\d\d|/photos?/|/media/|/content/|/news/", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex UploadFolder();

    [GeneratedRegex(@"^[a-z][a-z_-]{0,60}\d{0,2}(?:\.[a-z]{2,5})?$", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex WordName();
}
