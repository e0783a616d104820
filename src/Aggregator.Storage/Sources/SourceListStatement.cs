using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Sources;

/// <summary>
/// The statements of the admin's list. The order chooses the index, the key a range of it; what a filter says of the order is a
/// literal, so that both databases see that an index over a part of the table is enough.
/// </summary>
internal static class SourceListStatement
{
    /// <summary>A page.</summary>
    public static (string Statement, Dictionary<string, object> Parameters) Page(Database database, SourceQuery query, DateTimeOffset now)
    {
        var (expression, direction, implied) = Order(query.Order);
        var (where, parameters) = Where(database, query.Filter, now, implied);
        parameters["limit"] = query.Limit;
        var range = "";
        if (query.After is { } after)
        {
            parameters["id"] = after.Id;
            var compare = direction == "asc" ? ">" : "<";
            if (expression is null)
            {
                range = $" and id {compare} @id";
            }
            else
            {
                parameters["key"] = query.Order == SourceOrder.Title
                    ? after.Value
                    : long.TryParse(after.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0L;
                range = $" and ({expression}, id) {compare} (@key, @id)";
            }
        }

        // Few are left by these: a database that takes the order for the way to them would read every row to find them.
        var isFew = query.Filter is { State: SourceState.Paused or SourceState.Gone or SourceState.Deleted } or { Health: not null };
        var order = expression is null ? $"id{(isFew ? " + 0" : "")} {direction}" : $"{expression} {direction}, id {direction}";
        return ($"select * from source where {where}{range} order by {order} limit @limit", parameters);
    }

    /// <summary>How many there are.</summary>
    public static (string Statement, Dictionary<string, object> Parameters) Count(Database database, SourceFilter filter, DateTimeOffset now)
    {
        // Indexes know how many there are and which of them are deleted; how many are not deleted only the rows do.
        if (filter == new SourceFilter())
            return ("select (select count(*) from source) - (select count(*) from source where state = 4)", new Dictionary<string, object>(StringComparer.Ordinal));

        var (where, parameters) = Where(database, filter, now, implied: null);
        return ($"select count(*) from source where {where}", parameters);
    }

    /// <summary>Their numbers.</summary>
    public static (string Statement, Dictionary<string, object> Parameters) Ids(Database database, SourceFilter filter, long afterId, int limit, DateTimeOffset now)
    {
        var (where, parameters) = Where(database, filter, now, implied: null);
        parameters["id"] = afterId;
        parameters["limit"] = limit;
        return ($"select id from source where {where} and id > @id order by id limit @limit", parameters);
    }

    /// <summary>A row's place in a list.</summary>
    public static SourceKey KeyOf(SourceRow row, SourceOrder order) => new(row.Id, order switch
    {
        SourceOrder.Title => row.ListTitle ?? "",
        SourceOrder.NextFetch => row.NextFetchAt.ToString(CultureInfo.InvariantCulture),
        SourceOrder.LastSuccess => (row.LastSuccessAt ?? 0).ToString(CultureInfo.InvariantCulture),
        SourceOrder.Failures => row.FailureCount.ToString(CultureInfo.InvariantCulture),
        _ => "",
    });

    private static (string? Expression, string Direction, string? Implied) Order(SourceOrder order) => order switch
    {
        SourceOrder.Title => ("list_title", "asc", null),
        SourceOrder.NextFetch => ("next_fetch_at", "asc", "state = 1"),
        SourceOrder.LastSuccess => ("coalesce(last_success_at, 0)", "asc", null),
        SourceOrder.Failures => ("failure_count", "desc", "failure_count > 0"),
        SourceOrder.Newest => (null, "desc", null),
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "Unknown order."),
    };

    private static (string Where, Dictionary<string, object> Parameters) Where(Database database, SourceFilter filter, DateTimeOffset now, string? implied)
    {
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal);
        var conditions = new List<string>
        {
            filter.State is { } state ? string.Create(CultureInfo.InvariantCulture, $"state = {(int)state}") : "state <> 4",
        };
        if (implied is not null && implied != conditions[0]) conditions.Add(implied);
        switch (filter.Health)
        {
            case SourceHealth.Failing:
                conditions.AddRange(["state = 1", "failure_count > 0"]);
                break;
            case SourceHealth.Silent:
                conditions.AddRange(["state = 1", "failure_count = 0", "coalesce(last_change_at, created_at) < @silent"]);
                parameters["silent"] = (now - SourceFilter.SilentAfter).ToUnixTimeMilliseconds();
                break;
            case SourceHealth.Slow:
                conditions.AddRange(["state = 1", string.Create(CultureInfo.InvariantCulture, $"last_fetch_ms >= {(long)SourceFilter.SlowFrom.TotalMilliseconds}")]);
                break;
            default:
                break;
        }

        if (filter.CategoryId is { } category)
        {
            conditions.Add("id in (select source_id from category_source where category_id = @category)");
            parameters["category"] = category;
        }

        if (!string.IsNullOrWhiteSpace(filter.Text))
        {
            var text = Lowered(filter.Text.Trim());
            if (database.SourcesWithText(text) is { } hits)
            {
                conditions.Add(hits.Condition);
                parameters["match"] = hits.Match;
            }
            else
            {
                // Too short for an index: the list is walked in its order, and a page ends where it is full. So short a text stands in many.
                conditions.Add(@"(list_title like @text escape '\' or lower(url) like @text escape '\')");
                parameters["text"] = Pattern(text);
            }
        }

        return (string.Join(" and ", conditions), parameters);
    }

    private static string Lowered(string text) =>
        StorableText.Of((text.Length > SourceFilter.MaxTextLength ? text[..SourceFilter.MaxTextLength] : text).ToLowerInvariant());

    private static string Pattern(string text)
    {
        var literal = text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
        return $"%{literal}%";
    }
}
