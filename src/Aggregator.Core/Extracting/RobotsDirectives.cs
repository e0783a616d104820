using Aggregator.Core.Parsing;

namespace Aggregator.Core.Extracting;

/// <summary>
/// What a publisher asks of machines about one page, in <c>meta name="robots"</c> or in <c>X-Robots-Tag</c>. Directives for
/// everybody and for our product token count; those for other crawlers do not. There is no standard but the search engines'
/// documentation; unknown directives are ignored.
/// </summary>
public sealed record RobotsDirectives
{
    /// <summary>Nothing was asked.</summary>
    public static RobotsDirectives None { get; } = new();

    /// <summary><c>noindex</c> or <c>none</c>: the page is not to be found through others.</summary>
    public bool NoIndex { get; init; }

    /// <summary><c>nofollow</c> or <c>none</c>.</summary>
    public bool NoFollow { get; init; }

    /// <summary><c>noarchive</c>, also written <c>nocache</c>: no copy of the page is to be shown.</summary>
    public bool NoArchive { get; init; }

    /// <summary><c>nosnapshot</c>: the same, in the words of archives.</summary>
    public bool NoSnapshot { get; init; }

    /// <summary><c>none</c>: nothing of the page is for robots.</summary>
    public bool NothingForRobots { get; init; }

    /// <summary><c>nosnippet</c>: no part of the text is to be shown.</summary>
    public bool NoSnippet { get; init; }

    /// <summary><c>noimageindex</c>.</summary>
    public bool NoImageIndex { get; init; }

    /// <summary><c>unavailable_after</c>: from then on the page is not to be shown; the earliest when several are given.</summary>
    public DateTimeOffset? UnavailableAfter { get; init; }

    /// <summary>Whether copies may be shown, until when whatever.</summary>
    public bool AllowsCopies => !NoArchive && !NoSnapshot && !NothingForRobots;

    /// <summary>Whether a copy of the page may be kept and shown at that moment.</summary>
    /// <param name="now">The moment.</param>
    public bool MayBeKept(DateTimeOffset now) => AllowsCopies && !(UnavailableAfter <= now);

    /// <summary>Reads <c>X-Robots-Tag</c> headers. Each may begin with the crawler it is for: <c>otherbot: noarchive, nofollow</c>.</summary>
    /// <param name="headers">The values, one string for each header.</param>
    /// <param name="productToken">Our own name; case does not matter.</param>
    public static RobotsDirectives FromHeaders(IEnumerable<string> headers, string productToken)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(productToken);
        var directives = None;
        foreach (var header in headers.Take(ExtractionLimits.MaxRobotsLines)) directives = directives.With(Read(header, isForUs: true, productToken));
        return directives;
    }

    /// <summary>Reads the content of a <c>meta</c> element.</summary>
    /// <param name="name">Its name: <c>robots</c>, our product token, or another crawler, for which nothing is read.</param>
    /// <param name="content">Its content.</param>
    /// <param name="productToken">Our own name; case does not matter.</param>
    public static RobotsDirectives FromMeta(string? name, string? content, string productToken)
    {
        ArgumentNullException.ThrowIfNull(productToken);
        return name is null || content is null || !IsForUs(name.Trim(), productToken) ? None : Read(content, isForUs: true, productToken: null);
    }

    /// <summary>What both ask together.</summary>
    /// <param name="other">The other ones.</param>
    public RobotsDirectives With(RobotsDirectives other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new RobotsDirectives
        {
            NoIndex = NoIndex || other.NoIndex,
            NoFollow = NoFollow || other.NoFollow,
            NoArchive = NoArchive || other.NoArchive,
            NoSnapshot = NoSnapshot || other.NoSnapshot,
            NothingForRobots = NothingForRobots || other.NothingForRobots,
            NoSnippet = NoSnippet || other.NoSnippet,
            NoImageIndex = NoImageIndex || other.NoImageIndex,
            UnavailableAfter = UnavailableAfter is null || other.UnavailableAfter < UnavailableAfter ? other.UnavailableAfter ?? UnavailableAfter : UnavailableAfter,
        };
    }

    /// <param name="text">Directives, separated by commas.</param>
    /// <param name="isForUs">Whether they are until another crawler is named.</param>
    /// <param name="productToken">Our name when crawlers may be named in the text; null in <c>meta</c>.</param>
    private static RobotsDirectives Read(string text, bool isForUs, string? productToken)
    {
        if (text.Length > ExtractionLimits.MaxLineLength * 10) text = text[..(ExtractionLimits.MaxLineLength * 10)];
        var directives = None;
        var parts = text.Split(',');
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i].Trim();
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            var name = (colon < 0 ? part : part[..colon]).Trim();
            if (colon >= 0 && productToken is not null && !IsValued(name))
            {
                isForUs = IsForUs(name, productToken);
                part = part[(colon + 1)..].Trim();
                colon = part.IndexOf(':', StringComparison.Ordinal);
                name = (colon < 0 ? part : part[..colon]).Trim();
            }

            if (!isForUs) continue;
            if (name.Equals("unavailable_after", StringComparison.OrdinalIgnoreCase) && colon >= 0)
            {
                // RFC 850 and RFC 822 dates hold a comma of their own.
                var value = part[(colon + 1)..].Trim();
                var date = Date(value);
                if (i + 1 < parts.Length && Date(value + "," + parts[i + 1]) is { } longer && (date is null || parts[i + 1].AsSpan().ContainsAnyInRange('0', '9')))
                {
                    date = longer;
                    i++;
                }

                if (date is not null) directives = directives.With(new RobotsDirectives { UnavailableAfter = date });
                continue;
            }

            directives = directives.With(part.ToLowerInvariant() switch
            {
                "noindex" => new RobotsDirectives { NoIndex = true },
                "nofollow" => new RobotsDirectives { NoFollow = true },
                "none" => new RobotsDirectives { NoIndex = true, NoFollow = true, NothingForRobots = true },
                "noarchive" or "nocache" => new RobotsDirectives { NoArchive = true },
                "nosnapshot" => new RobotsDirectives { NoSnapshot = true },
                "nosnippet" or "max-snippet:0" or "max-snippet: 0" => new RobotsDirectives { NoSnippet = true },
                "noimageindex" => new RobotsDirectives { NoImageIndex = true },
                _ => None,
            });
        }

        return directives;
    }

    private static DateTimeOffset? Date(string text) => DateParser.Parse(text, new DateContext { FetchedAt = DateTimeOffset.UnixEpoch });

    private static bool IsValued(string name) =>
        name.ToLowerInvariant() is "unavailable_after" or "max-snippet" or "max-image-preview" or "max-video-preview";

    private static bool IsForUs(string name, string productToken) =>
        name.Equals("robots", StringComparison.OrdinalIgnoreCase) || name == "*" || name.Equals(productToken, StringComparison.OrdinalIgnoreCase);
}
