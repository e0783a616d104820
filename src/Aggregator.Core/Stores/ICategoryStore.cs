using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>The categories.</summary>
public interface ICategoryStore
{
    /// <summary>All categories by position, then title.</summary>
    Task<IReadOnlyList<Category>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The category with that slug, or null.</summary>
    Task<Category?> FindAsync(string slug, CancellationToken cancellationToken);

    /// <summary>The category with that number, or null.</summary>
    Task<Category?> FindAsync(long categoryId, CancellationToken cancellationToken);

    /// <summary>The category that once had that slug and has another one now, or null.</summary>
    Task<Category?> FindByOldSlugAsync(string slug, CancellationToken cancellationToken);

    /// <summary>The slugs that each category once had, by its number; categories without any are left out.</summary>
    Task<ILookup<long, string>> OldSlugsAsync(CancellationToken cancellationToken);

    /// <summary>How many sources each category has, by its number; categories without any are left out.</summary>
    Task<IReadOnlyDictionary<long, int>> CountSourcesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Writes everything of a category but its number. Its feeds' version rises; a slug that it gives up goes on leading to it.
    /// </summary>
    /// <exception cref="ArgumentException">The slug is not valid.</exception>
    Task<CategoryUpdate> UpdateAsync(Category category, DateTimeOffset now, CancellationToken cancellationToken) =>
        UpdateAsync(category, seen: null, now, cancellationToken);

    /// <summary>The same, when the category still is what the caller has seen; judged in the transaction that writes.</summary>
    /// <exception cref="ArgumentException">The slug is not valid.</exception>
    Task<CategoryUpdate> UpdateAsync(Category category, Category? seen, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Has a slug lead to a category, as if it had had it once. False when the slug is not valid or belongs to another category.</summary>
    Task<bool> AddOldSlugAsync(long categoryId, string slug, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a category, its slugs and its places of entries; sources and entries stay. False when there is no such category.
    /// A large category goes in several transactions, the category itself with the last.
    /// </summary>
    async Task<bool> DeleteAsync(long categoryId, DateTimeOffset now, CancellationToken cancellationToken) =>
        await DeleteAsync(categoryId, seen: null, now, cancellationToken) == CategoryUpdate.Done;

    /// <summary>The same, when the category still is what the caller has seen; judged in the transaction that takes its sources away.</summary>
    Task<CategoryUpdate> DeleteAsync(long categoryId, Category? seen, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Adds a category (its <see cref="Category.Id"/> is ignored), or finds the one that has or once had that slug and leaves it as it is.</summary>
    /// <exception cref="ArgumentException">The slug is not valid.</exception>
    Task<Category> AddAsync(Category category, CancellationToken cancellationToken);

    /// <summary>Switches the visible attribution line of a category's feeds and raises its version. False when there is no such category.</summary>
    Task<bool> SetShowAttributionAsync(string slug, bool show, DateTimeOffset now, CancellationToken cancellationToken);
}
