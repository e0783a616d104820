namespace Hangfire.Storage.SQLite;

/// <summary>Times as they are stored: milliseconds since 1970, UTC.</summary>
internal static class Clock
{
    public static long Now(this TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The moment a time to live ends. A negative one lies in the past, one beyond the calendar at its end.</summary>
    public static long After(this TimeProvider time, TimeSpan timeToLive) => After(time.Now(), timeToLive);

    public static long After(long start, TimeSpan timeToLive) =>
        Math.Clamp(start + (timeToLive.Ticks / TimeSpan.TicksPerMillisecond), 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds());

    public static long ToMilliseconds(DateTime time) => new DateTimeOffset(
        time.Kind == DateTimeKind.Unspecified ? DateTime.SpecifyKind(time, DateTimeKind.Utc) : time.ToUniversalTime()).ToUnixTimeMilliseconds();

    public static DateTime ToDateTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).UtcDateTime;

    public static DateTime? ToDateTime(long? milliseconds) => milliseconds is { } present ? ToDateTime(present) : null;
}
