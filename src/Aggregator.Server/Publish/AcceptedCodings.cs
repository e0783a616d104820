using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Publish;

/// <summary>Which content codings a client accepts (RFC 9110 §12.5.3).</summary>
internal static class AcceptedCodings
{
    /// <summary>
    /// The codings that the client accepts, the one it likes best first, ours among equals. Without the header, or when it refuses
    /// everything, the identity.
    /// </summary>
    /// <param name="acceptEncoding">The header.</param>
    /// <param name="codings">Where they go: room for three.</param>
    /// <returns>How many there are, at least one.</returns>
    public static int Read(StringValues acceptEncoding, Span<ContentCoding> codings)
    {
        // What nearly everybody sends needs no reading.
        switch (acceptEncoding.Count == 1 ? acceptEncoding[0] : null)
        {
            case "gzip, deflate, br" or "gzip, deflate, br, zstd" or "gzip, br" or "br, gzip":
                (codings[0], codings[1], codings[2]) = (ContentCoding.Brotli, ContentCoding.Gzip, ContentCoding.Identity);
                return 3;
            case "gzip" or "gzip, deflate" or "deflate, gzip" or "gzip,deflate" or "deflate,gzip":
                (codings[0], codings[1]) = (ContentCoding.Gzip, ContentCoding.Identity);
                return 2;
            case "br":
                (codings[0], codings[1]) = (ContentCoding.Brotli, ContentCoding.Identity);
                return 2;
        }

        if (acceptEncoding.Count == 0 || !StringWithQualityHeaderValue.TryParseList(acceptEncoding, out var wishes))
        {
            codings[0] = ContentCoding.Identity;
            return 1;
        }

        double? rest = Wish(wishes, "*");
        // What is not named is refused, except the identity, which is welcome as long as nobody says otherwise, but least.
        Span<(ContentCoding Coding, double Quality)> ranked =
        [
            (ContentCoding.Brotli, Wish(wishes, "br") ?? rest ?? 0),
            (ContentCoding.Gzip, Wish(wishes, "gzip") ?? Wish(wishes, "x-gzip") ?? rest ?? 0),
            (ContentCoding.Identity, Wish(wishes, "identity") ?? rest ?? 0.001),
        ];
        var count = 0;
        while (true)
        {
            var best = -1;
            for (var i = 0; i < ranked.Length; i++)
                if (ranked[i].Quality > (best < 0 ? 0 : ranked[best].Quality)) best = i;
            if (best < 0) break;
            codings[count++] = ranked[best].Coding;
            ranked[best].Quality = 0;
        }

        if (count == 0) codings[count++] = ContentCoding.Identity;
        return count;
    }

    /// <summary>
    /// The coding to answer with: among those that the client accepts, one whose tag it names (RFC 9110 §13.1.2, weak comparison) goes before
    /// all others, for what it holds is as good as what we would send.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="tags">The strong entity tag of each coding, in their order.</param>
    /// <param name="held">Whether the client has it already.</param>
    public static ContentCoding Select(HttpRequest request, ReadOnlySpan<StringValues> tags, out bool held)
    {
        Span<ContentCoding> acceptable = stackalloc ContentCoding[3];
        acceptable = acceptable[..Read(request.Headers.AcceptEncoding, acceptable)];
        held = false;
        var named = request.Headers.IfNoneMatch;
        if (named.Count == 0) return acceptable[0];

        // Nearly always it is the one tag that we gave.
        if (named.Count == 1)
            foreach (var coding in acceptable)
                if (named[0] == tags[(int)coding][0])
                {
                    held = true;
                    return coding;
                }

        if (EntityTagHeaderValue.TryParseList(named, out var parsed))
            foreach (var coding in acceptable)
            {
                var own = new EntityTagHeaderValue(tags[(int)coding].ToString());
                if (!parsed.Any(tag => tag.Compare(own, useStrongComparison: false) || tag.Equals(EntityTagHeaderValue.Any))) continue;
                held = true;
                return coding;
            }

        return acceptable[0];
    }

    private static double? Wish(IList<StringWithQualityHeaderValue> wishes, string name)
    {
        foreach (var wish in wishes)
            if (wish.Value.Equals(name, StringComparison.OrdinalIgnoreCase)) return wish.Quality ?? 1;
        return null;
    }
}
