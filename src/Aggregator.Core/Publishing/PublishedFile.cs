using System.Text.RegularExpressions;
using Aggregator.Core.Model;

namespace Aggregator.Core.Publishing;

/// <summary>An enclosure as it is published.</summary>
/// <param name="Url">Its address as an ASCII URI.</param>
/// <param name="Type">Its media type: the publisher's when it is one, else by the address's ending, else <c>application/octet-stream</c>; RSS and JSON Feed want one.</param>
/// <param name="Length">Its size in bytes, when known.</param>
internal sealed partial record PublishedFile(string Url, string Type, long? Length)
{
    private const string UnknownType = "application/octet-stream";

    private static readonly Dictionary<string, string> TypesByExtension = new(StringComparer.OrdinalIgnoreCase)
    {
        [".aac"] = "audio/aac",
        [".flac"] = "audio/flac",
        [".m4a"] = "audio/mp4",
        [".mp3"] = "audio/mpeg",
        [".oga"] = "audio/ogg",
        [".ogg"] = "audio/ogg",
        [".opus"] = "audio/ogg",
        [".wav"] = "audio/wav",
        [".m4v"] = "video/mp4",
        [".mov"] = "video/quicktime",
        [".mp4"] = "video/mp4",
        [".ogv"] = "video/ogg",
        [".webm"] = "video/webm",
        [".avif"] = "image/avif",
        [".gif"] = "image/gif",
        [".jpeg"] = "image/jpeg",
        [".jpg"] = "image/jpeg",
        [".png"] = "image/png",
        [".svg"] = "image/svg+xml",
        [".webp"] = "image/webp",
        [".epub"] = "application/epub+zip",
        [".pdf"] = "application/pdf",
        [".torrent"] = "application/x-bittorrent",
        [".zip"] = "application/zip",
    };

    /// <summary>The enclosure as it is published, or null when its address is no http(s) address.</summary>
    public static PublishedFile? Of(Enclosure enclosure)
    {
        if (WebAddress.Published(enclosure.Url) is not { } url) return null;
        var type = enclosure.Type?.Trim();
        return new PublishedFile(
            url,
            type is not null && MediaTypeShape().IsMatch(type)
                ? type
                : TypesByExtension.GetValueOrDefault(Path.GetExtension(new Uri(url).AbsolutePath), UnknownType),
            enclosure.Length is >= 0 ? enclosure.Length : null);
    }

    [GeneratedRegex("^[A-Za-z0-9!#$&^_.+-]{1,127}/[A-Za-z0-9!#$&^_.+-]{1,127}$", RegexOptions.NonBacktracking)]
    private static partial Regex MediaTypeShape();
}
