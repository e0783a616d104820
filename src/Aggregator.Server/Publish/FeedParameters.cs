using System.Globalization;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Publish;

/// <summary>
/// Reads what the query of a feed's address says: <c>n</c>, <c>content</c>, <c>since</c>, <c>archive</c>. Spellings that mean the same come out
/// as the same <see cref="FeedView"/>, and what says no more than the default does as the default; parameters that we do not know say nothing.
/// </summary>
internal static class FeedParameters
{
    /// <summary>How far ahead of ours a reader's clock may be.</summary>
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromDays(1);

    private static readonly string[] Dates =
    [
        "yyyy", "yyyy-MM", "yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    /// <summary>Reads a query.</summary>
    /// <param name="query">The query.</param>
    /// <param name="usualCount">How many entries a feed holds of which nobody says anything else.</param>
    /// <param name="now">The moment.</param>
    /// <returns>The view, and what is wrong with the query in a sentence of each language: then there is no such feed.</returns>
    public static (FeedView View, string? Problem) Read(IQueryCollection query, int usualCount, DateTimeOffset now)
    {
        if (query.Count == 0) return default;
        int? count = null;
        if (Value(query, "n") is { } n)
        {
            if (!n.All(char.IsAsciiDigit) || n.All(static digit => digit == '0')) return (default, CountProblem);
            // Whoever wants more than there can be wants all that there can be.
            count = n.TrimStart('0').Length > 9 ? EntryQuery.MaxLimit : Math.Min(int.Parse(n, CultureInfo.InvariantCulture), EntryQuery.MaxLimit);
        }

        var content = FeedContent.Full;
        if (Value(query, "content") is { } amount)
        {
            if (amount.Equals("summary", StringComparison.OrdinalIgnoreCase)) content = FeedContent.Summary;
            else if (amount.Equals("none", StringComparison.OrdinalIgnoreCase)) content = FeedContent.None;
            else if (!amount.Equals("full", StringComparison.OrdinalIgnoreCase)) return (default, ContentProblem);
        }

        DateTimeOffset? since = null;
        if (Value(query, "since") is { } date)
        {
            if (DateOf(date) is not { } start || start > now + ClockTolerance) return (default, SinceProblem);
            since = start;
        }

        ArchiveAddress? archive = null;
        if (Value(query, "archive") is { } page)
        {
            if (ArchiveAddress.Parse(page) is not { } address) return (default, ArchiveProblem);
            archive = address;
        }

        return (new FeedView { Count = archive is not null || count == usualCount ? null : count, Content = content, Since = since, Archive = archive }, null);
    }

    private const string CountProblem = "n must be a whole number of entries, from 1 to 500.\nn 必须是 1 到 500 之间的整数。\n";

    private const string ContentProblem = "content must be full, summary or none.\ncontent 只能是 full、summary 或 none。\n";

    private const string SinceProblem =
        "since must be a date that is not in the future, such as 2023, 2023-05, 2023-05-31 or 2023-05-31T08:00:00Z.\nsince 必须是不晚于现在的日期，例如 2023、2023-05、2023-05-31 或 2023-05-31T08:00:00Z。\n";

    private const string ArchiveProblem =
        "There is no such page of the archive. Take its address from the feed's 'prev-archive' link.\n存档中没有这一页。请从订阅源的 prev-archive 链接取得地址。\n";

    // An empty field of a form says nothing. Of several values the first one counts.
    private static string? Value(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values) && values.Count > 0 && values[0]?.Trim() is { Length: > 0 } value ? value : null;

    private static DateTimeOffset? DateOf(string text)
    {
        // A plus sign that was not escaped has arrived as a space.
        if (!DateTimeOffset.TryParseExact(
            text.Replace(' ', '+'), Dates, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date))
            return null;
        return new DateTimeOffset(date.UtcTicks - (date.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }
}
