using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Categories;

/// <summary>The categories in the store.</summary>
internal sealed class CategoryStore(Database database) : ICategoryStore
{
    private const string All = "select id, slug, title, description, language, show_attribution, position from category";

    private const string BySlug = "select id, slug, title, description, language, show_attribution, position from category where slug = @slug";

    private const string Insert = """
        insert into category (slug, title, description, language, show_attribution, position)
        values (@Slug, @Title, @Description, @Language, @ShowAttribution, @Position)
        on conflict (slug) do nothing
        """;

    private const string Switch = """
        update category set show_attribution = @show where slug = @slug and show_attribution <> @show returning id
        """;

    /// <inheritdoc />
    public Task<IReadOnlyList<Category>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<Category>>(
            async session => CategoryRow.InOrder(await session.ListAsync<CategoryRow>(All)), cancellationToken);

    /// <inheritdoc />
    public Task<Category?> FindAsync(string slug, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slug);
        return database.ReadAsync(session => FindAsync(session, StorableText.Of(slug)), cancellationToken);
    }

    /// <inheritdoc />
    public Task<Category> AddAsync(Category category, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(category);
        if (!CategorySlug.IsValid(category.Slug))
            throw new ArgumentException(
                $"\"{category.Slug}\" is no category slug: 1 to {CategorySlug.MaxLength} of a–z, 0–9 and hyphens, none at either end.", nameof(category));

        var row = new
        {
            category.Slug,
            Title = StorableText.Of(category.Title),
            Description = StorableText.Of(category.Description),
            Language = StorableText.Of(category.Language),
            category.ShowAttribution,
            category.Position,
        };
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Insert, row);
                return (await FindAsync(session, category.Slug))!;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> SetShowAttributionAsync(string slug, bool show, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slug);
        return database.WriteAsync(
            async session =>
            {
                if (await session.FindAsync<long?>(Switch, new { slug = StorableText.Of(slug), show }) is not { } id)
                    return await FindAsync(session, StorableText.Of(slug)) is not null;

                await TopicVersions.RaiseAsync(session, [Topic.Category(id)], now);
                return true;
            },
            cancellationToken);
    }

    private static async Task<Category?> FindAsync(StoreSession session, string slug) =>
        (await session.FindAsync<CategoryRow>(BySlug, new { slug }))?.ToCategory();
}
