using System.Globalization;

namespace Aggregator.Core.Fetching;

/// <summary>Reads how long a publisher asks us to wait.</summary>
internal static class CacheHints
{
    /// <summary>Freshness by <c>Cache-Control: max-age</c>, else <c>Expires</c> (RFC 9111 §4.2.1); null when there is none or it is past.</summary>
    public static TimeSpan? Freshness(HttpResponseMessage response, DateTimeOffset now)
    {
        if (response.Headers.CacheControl is { } control)
        {
            if (control.NoCache || control.NoStore) return null;
            if (control.MaxAge is { } age) return Positive(age - (response.Headers.Age ?? TimeSpan.Zero));
        }

        return response.Content.Headers.Expires is { } expires
            ? Positive(expires - (response.Headers.Date ?? now))
            : null;
    }

    // The three that HTTP knows (RFC 9110 §5.6.7), and what servers write that mean the first.
    private static readonly string[] Dates =
    [
        "ddd, d MMM yyyy HH:mm:ss 'GMT'", "ddd, d MMM yyyy HH:mm:ss 'UTC'", "ddd, d MMM yyyy HH:mm:ss zzz", "dddd, dd-MMM-yy HH:mm:ss 'GMT'", "ddd MMM d HH:mm:ss yyyy",
        "yyyy-MM-dd'T'HH:mm:ssK",
    ];

    /// <summary><c>Retry-After</c> as seconds or as a date (RFC 9110 §10.2.3).</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        if (!response.Headers.NonValidated.TryGetValues("Retry-After", out var values)) return null;
        var text = values.First().Trim();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return Positive(TimeSpan.FromSeconds(Math.Min(seconds, 366L * 24 * 3600)));
        return DateTimeOffset.TryParseExact(text, Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowInnerWhite, out var date)
            ? Positive(date - now)
            : null;
    }

    private static TimeSpan? Positive(TimeSpan time) => time > TimeSpan.Zero ? time : null;
}
