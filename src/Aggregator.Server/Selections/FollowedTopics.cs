using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Search;
using Microsoft.Extensions.Primitives;

namespace Aggregator.Server.Selections;

/// <summary>Between topics and what forms and pages call them.</summary>
internal sealed class FollowedTopics(ICategoryStore categories, ISourceStore sources, Navigation navigation, SiteLinks links)
{
    /// <summary>What the fields of a form name; null when they name nothing that is there.</summary>
    public async Task<FollowedTopic?> FindAsync(IEnumerable<KeyValuePair<string, StringValues>> fields, CancellationToken cancellationToken)
    {
        string? Value(string name) => fields.FirstOrDefault(field => field.Key == name).Value is [{ Length: > 0 } one] ? one : null;
        if (Value(FollowedTopic.Category) is { } slug)
            return CategorySlug.IsValid(slug) && await categories.FindAsync(slug, cancellationToken) is { } category ? Of(category) : null;
        if (Value(FollowedTopic.Source) is { } number)
            return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && await sources.FindAsync(id, cancellationToken) is { Level: > RepublishLevel.Nothing } source ? Of(source) : null;
        return Value(FollowedTopic.Search) is { Length: <= ISelectionStore.MaxQueryLength } query ? OfSearch(query) : null;
    }

    /// <summary>Those that are there, in the same order.</summary>
    public async Task<IReadOnlyList<FollowedTopic>> DescribeAsync(IReadOnlyList<Topic> topics, CancellationToken cancellationToken)
    {
        var all = (await navigation.ListAsync(cancellationToken)).ToDictionary(category => category.Id);
        var ids = topics.OfType<Topic.OfSource>().Select(topic => topic.SourceId).ToList();
        var known = ids.Count == 0 ? [] : (await sources.FindManyAsync(ids, cancellationToken)).ToDictionary(source => source.Id);
        return [.. topics.Select(topic => topic switch
        {
            Topic.OfCategory category => all.TryGetValue(category.CategoryId, out var one) ? Of(one) : null,
            Topic.OfSource source => known.TryGetValue(source.SourceId, out var one) && one.Level > RepublishLevel.Nothing ? Of(one) : null,
            Topic.OfSearch search => OfSearch(search.Query),
            _ => null,
        }).OfType<FollowedTopic>()];
    }

    /// <summary>A search, whatever its spelling; null when it looks for nothing.</summary>
    public FollowedTopic? OfSearch(string query)
    {
        var address = SearchAddress.Read(query);
        if (address.Query.IsEmpty || address.Canonical.Length > ISelectionStore.MaxQueryLength) return null;
        var title = string.Join(" · ", new[]
        {
            address.Query.Canonical, address.Category, address.SourceId is { } source ? string.Create(CultureInfo.InvariantCulture, $"#{source}") : null, address.Language,
            address.From?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), address.To?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        }.OfType<string>());
        return new FollowedTopic(Topic.Search(address.Canonical), FollowedTopic.Search, address.Canonical, title, Language: null, $"{links.SearchPage}?{address.Canonical}");
    }

    private FollowedTopic Of(Category category) =>
        new(Topic.Category(category.Id), FollowedTopic.Category, category.Slug, category.Title, category.Language, links.Category(category.Slug));

    private FollowedTopic Of(Source source) => new(
        Topic.Source(source.Id), FollowedTopic.Source, source.Id.ToString(CultureInfo.InvariantCulture), PublicSourceAddress.Title(source),
        source.Feed.Language ?? source.DefaultLanguage, links.Source(source.Id));
}
