using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Sources;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Categories;

/// <summary>The categories in the store.</summary>
internal sealed class CategoryStore(Database database) : ICategoryStore
{
    private const string Columns = "category.id, slug, title, description, language, show_attribution, position, rules, republish";

    // The places that one transaction of a deletion takes away.
    private const int DeletedAtOnce = 5000;

    private const string All = $"select {Columns} from category";

    private const string BySlug = $"select {Columns} from category where slug = @slug";

    private const string ById = $"select {Columns} from category where id = @id";

    private const string ByOldSlug = """
        select category.id, category.slug, title, description, language, show_attribution, position, rules, category.republish
        from category_slug join category on category.id = category_slug.category_id
        where category_slug.slug = @slug
        """;

    private const string OldSlugs = "select category_id, slug from category_slug order by category_id, replaced_at, slug";

    private const string SourceCounts = "select category_id, count(*) as sources from category_source group by category_id";

    private const string Insert = """
        insert into category (slug, title, description, language, show_attribution, position, rules, republish)
        select @Slug, @Title, @Description, @Language, @ShowAttribution, @Position, @Rules, @Republish
        where not exists (select 1 from category_slug where slug = @Slug)
        on conflict (slug) do nothing
        """;

    private const string Taken = """
        select 1 from category where slug = @Slug and id <> @Id
        union all select 1 from category_slug where slug = @Slug and category_id <> @Id
        """;

    private const string KeepSlug = """
        insert into category_slug (slug, category_id, replaced_at) values (@slug, @id, @at)
        on conflict (slug) do nothing
        """;

    private const string TakeBackSlug = "delete from category_slug where slug = @Slug and category_id = @Id";

    // An update, though nothing changes: two who have seen the same state come one after the other.
    private const string Lock = "update category set slug = slug where id = @Id";

    private const string Update = """
        update category
        set slug = @Slug, title = @Title, description = @Description, language = @Language, show_attribution = @ShowAttribution,
            position = @Position, rules = @Rules, republish = @Republish
        where id = @Id
        """;

    private const string SourcesOf = "select source_id from category_source where category_id = @id";

    private const string LeaveSources = "delete from category_source where category_id = @id";

    private const string DeletePlaces = """
        delete from category_entry where category_id = @id and entry_id in (
            select entry_id from category_entry where category_id = @id order by sort_at, entry_id limit @limit)
        """;

    private const string Delete = "delete from category where id = @id";

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
        ThrowIfInvalid(category);
        var row = ParametersOf(category);
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Insert, row);
                return (await FindAsync(session, category.Slug) ?? (await session.FindAsync<CategoryRow>(ByOldSlug, new { slug = category.Slug }))?.ToCategory())!;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<Category?> FindAsync(long categoryId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.FindAsync<CategoryRow>(ById, new { id = categoryId }))?.ToCategory(), cancellationToken);

    /// <inheritdoc />
    public Task<Category?> FindByOldSlugAsync(string slug, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slug);
        return database.ReadAsync(
            async session => (await session.FindAsync<CategoryRow>(ByOldSlug, new { slug = StorableText.Of(slug) }))?.ToCategory(), cancellationToken);
    }

    /// <inheritdoc />
    public Task<ILookup<long, string>> OldSlugsAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(
            async session => (await session.ListAsync<OldSlugRow>(OldSlugs)).ToLookup(row => row.CategoryId, row => row.Slug), cancellationToken);

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<long, int>> CountSourcesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyDictionary<long, int>>(
            async session => (await session.ListAsync<SourceCountRow>(SourceCounts)).ToDictionary(row => row.CategoryId, row => (int)row.Sources),
            cancellationToken);

    /// <inheritdoc />
    public Task<CategoryUpdate> UpdateAsync(Category category, Category? seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(category);
        ThrowIfInvalid(category);
        var row = ParametersOf(category);
        return database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Lock, row);
                if ((await session.FindAsync<CategoryRow>(ById, new { id = category.Id }))?.ToCategory() is not { } before) return CategoryUpdate.Unknown;
                if (seen is not null && before != seen) return CategoryUpdate.Changed;
                if ((await session.ListAsync<int>(Taken, row)).Count > 0) return CategoryUpdate.SlugTaken;
                if (before.Slug != category.Slug)
                {
                    await session.ExecuteAsync(TakeBackSlug, row);
                    await session.ExecuteAsync(KeepSlug, new { slug = before.Slug, id = category.Id, at = now.ToUnixTimeMilliseconds() });
                }

                var levels = before.Republish == category.Republish ? null : await SourceLevels.ReadAsync(session, await session.ListAsync<long>(SourcesOf, new { id = category.Id }));
                await session.ExecuteAsync(Update, row);
                if (levels is not null) await levels.RaiseAsync(session, now);
                await TopicVersions.RaiseAsync(session, [Topic.Category(category.Id)], now);
                return CategoryUpdate.Done;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public Task<bool> AddOldSlugAsync(long categoryId, string slug, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(slug);
        if (!CategorySlug.IsValid(slug)) return Task.FromResult(false);
        return database.WriteAsync(
            async session =>
            {
                if (await session.FindAsync<CategoryRow>(ById, new { id = categoryId }) is not { } category) return false;
                if (category.Slug == slug) return true;
                if ((await session.ListAsync<int>(Taken, new { Slug = slug, Id = categoryId })).Count > 0) return false;
                await session.ExecuteAsync(KeepSlug, new { slug, id = categoryId, at = now.ToUnixTimeMilliseconds() });
                return true;
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public async Task<CategoryUpdate> DeleteAsync(long categoryId, Category? seen, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var begun = await database.WriteAsync(
            async session =>
            {
                await session.ExecuteAsync(Lock, new { Id = categoryId });
                if ((await session.FindAsync<CategoryRow>(ById, new { id = categoryId }))?.ToCategory() is not { } before) return CategoryUpdate.Unknown;
                if (seen is not null && before != seen) return CategoryUpdate.Changed;
                var levels = before.Republish is null ? null : await SourceLevels.ReadAsync(session, await session.ListAsync<long>(SourcesOf, new { id = categoryId }));
                await session.ExecuteAsync(LeaveSources, new { id = categoryId });
                if (levels is not null) await levels.RaiseAsync(session, now);
                return CategoryUpdate.Done;
            },
            cancellationToken);
        if (begun != CategoryUpdate.Done) return begun;
        int deleted;
        do
        {
            deleted = await database.WriteAsync(
                session => session.ExecuteAsync(DeletePlaces, new { id = categoryId, limit = DeletedAtOnce }), cancellationToken);
        }
        while (deleted == DeletedAtOnce);
        return await database.WriteAsync(async session => await session.ExecuteAsync(Delete, new { id = categoryId }) == 1, cancellationToken)
            ? CategoryUpdate.Done
            : CategoryUpdate.Unknown;
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

    private static object ParametersOf(Category category) => new
    {
        category.Id,
        category.Slug,
        Title = StorableText.Of(category.Title),
        Description = StorableText.Of(category.Description),
        Language = StorableText.Of(category.Language),
        category.ShowAttribution,
        category.Position,
        Rules = StorableText.Of(category.Rules),
        Republish = (int?)category.Republish,
    };

    private static void ThrowIfInvalid(Category category)
    {
        if (!CategorySlug.IsValid(category.Slug))
            throw new ArgumentException(
                $"\"{category.Slug}\" is no category slug: 1 to {CategorySlug.MaxLength} of a–z, 0–9 and hyphens, none at either end.", nameof(category));
    }

    private static async Task<Category?> FindAsync(StoreSession session, string slug) =>
        (await session.FindAsync<CategoryRow>(BySlug, new { slug }))?.ToCategory();

    private sealed record OldSlugRow
    {
        public required long CategoryId { get; init; }
        public required string Slug { get; init; }
    }

    private sealed record SourceCountRow
    {
        public required long CategoryId { get; init; }
        public required long Sources { get; init; }
    }
}
