using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;

namespace Aggregator.Core.Stores;

/// <summary>How long entries and the texts of their versions are kept, and their forgetting. Snapshots' rows, with their hashes, stay for ever.</summary>
public interface IRetentionStore
{
    /// <summary>The most entries that one transaction may look at or delete.</summary>
    const int MaxBatch = 1_000;

    /// <summary>What an admin set for a source or a category; <see cref="RetentionSettings.None"/> when nothing is.</summary>
    /// <exception cref="ArgumentException">The topic is neither.</exception>
    Task<RetentionSettings> FindRetentionAsync(Topic topic, CancellationToken cancellationToken);

    /// <summary>
    /// Sets how long what is of a source or of a category is kept; <see cref="RetentionSettings.None"/> leaves it to the others. It takes
    /// effect with the next run of the job. False when there is no such source or category.
    /// </summary>
    /// <exception cref="ArgumentException">The topic is neither, or a value is out of range (<see cref="RetentionSettings.Problem"/>).</exception>
    async Task<bool> SetRetentionAsync(Topic topic, RetentionSettings settings, CancellationToken cancellationToken) =>
        await SetRetentionAsync(topic, settings, seen: null, cancellationToken) == RetentionUpdate.Done;

    /// <summary>The same, when what is set still is what the caller has seen; judged in the transaction that writes.</summary>
    /// <exception cref="ArgumentException">The topic is neither, or a value is out of range (<see cref="RetentionSettings.Problem"/>).</exception>
    Task<RetentionUpdate> SetRetentionAsync(Topic topic, RetentionSettings settings, RetentionSettings? seen, CancellationToken cancellationToken);

    /// <summary>What admins set for categories, by their numbers.</summary>
    Task<IReadOnlyDictionary<long, RetentionSettings>> ListOfCategoriesAsync(CancellationToken cancellationToken);

    /// <summary>Everything that admins set, with these as the general rules.</summary>
    Task<RetentionPlan> ReadPlanAsync(RetentionRule entries, RetentionRule versions, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the entries that the plan lets go and that their source's newest document no longer held (else the next refresh would
    /// bring them back as new), and raises the versions of the topics they stood in. Their snapshots stay, with
    /// <see cref="SnapshotRemoval.Expired"/> and without texts. Each transaction deletes at most <paramref name="batch"/>
    /// (1 to <see cref="MaxBatch"/>). Returns how many went.
    /// </summary>
    Task<int> ForgetAsync(RetentionPlan plan, DateTimeOffset now, int batch, CancellationToken cancellationToken);

    /// <summary>
    /// Lets the texts of versions go as the plan says; each transaction looks at no more than <paramref name="batch"/> entries (1 to
    /// <see cref="MaxBatch"/>). Snapshots stay, with <see cref="SnapshotRemoval.Thinned"/>: no hash and no proof changes. Returns how
    /// many texts went.
    /// </summary>
    Task<int> ThinAsync(RetentionPlan plan, DateTimeOffset now, int batch, CancellationToken cancellationToken);
}
