namespace Aggregator.Core.Model;

/// <summary>One failed fetch, in words that an admin understands.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Message">One English sentence with the cause and, where there is one, the remedy. It never holds credentials.</param>
/// <param name="At">When.</param>
/// <param name="HttpStatus">The HTTP status, when an answer came.</param>
public sealed record FetchFailure(FetchFailureKind Kind, string Message, DateTimeOffset At, int? HttpStatus = null)
{
    /// <summary>An error of our own, which is no admin's to mend: the log names it.</summary>
    internal static FetchFailure OfRefresh(Exception error, DateTimeOffset at) =>
        new(FetchFailureKind.InternalError, $"The refresh failed with {error.GetType().Name}; the log has the details.", at);

    /// <summary>A host whose turn did not come in time.</summary>
    /// <param name="until">When it is worth trying again.</param>
    /// <param name="at">When that was known.</param>
    public static FetchFailure OfBusyHost(DateTimeOffset until, DateTimeOffset at) => new(FetchFailureKind.TooManyRequests,
        $"The site's host is busy with other requests of ours, or asked us to stay away. Try again after {until.UtcDateTime:yyyy-MM-dd HH:mm:ss'Z'}.", at);
}
