using System.Globalization;
using Aggregator.Core.Stores;
using Hangfire;

namespace Aggregator.Server.Retention;

/// <summary>
/// Forgets entries and lets the texts of versions go, as the rules of sources, categories and everything say: a recurring job, once a
/// day. Hashes and proofs stay.
/// </summary>
internal sealed class RetentionJob(
    IRetentionStore retention, ICategoryStore categories, RetentionOptions options, TimeProvider time, ILogger<RetentionJob> logger)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "retention";

    /// <summary>How many entries one transaction deletes, so that readers and refreshes get their turn in between.</summary>
    private const int ForgettingBatch = 500;

    /// <summary>How many entries one transaction looks at for versions to thin.</summary>
    private const int ThinningBatch = 200;

    /// <summary>Runs until nothing is expired.</summary>
    [AutomaticRetry(Attempts = 2)]
    [DisableConcurrentExecution(timeoutInSeconds: 1)]
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var plan = await MakePlanAsync(cancellationToken);
        var now = time.GetUtcNow();
        var forgotten = await retention.ForgetAsync(plan, now, ForgettingBatch, cancellationToken);
        if (forgotten > 0) logger.LogInformation("Forgot {Count} entries whose time was over (retention); the hashes of their versions stay", forgotten);
        var thinned = await retention.ThinAsync(plan, now, ThinningBatch, cancellationToken);
        if (thinned > 0) logger.LogInformation("Let the texts of {Count} versions go (retention); their hashes stay", thinned);
    }

    /// <summary>What admins set, over what the configuration says of the same source or category, over the general rules.</summary>
    private async Task<RetentionPlan> MakePlanAsync(CancellationToken cancellationToken)
    {
        var general = options.General.Settings;
        var plan = await retention.ReadPlanAsync(general.Entries!, general.Versions!, cancellationToken);
        var ofCategories = plan.OfCategories.ToDictionary();
        foreach (var (slug, configured) in options.Categories)
            if (await categories.FindAsync(slug, cancellationToken) is { } category) Add(ofCategories, category.Id, configured);
        var ofSources = plan.OfSources.ToDictionary();
        foreach (var (id, configured) in options.Sources) Add(ofSources, long.Parse(id, CultureInfo.InvariantCulture), configured);
        return plan with { OfCategories = ofCategories, OfSources = ofSources };
    }

    private static void Add(Dictionary<long, RetentionSettings> settings, long id, ScopeRetention configured) =>
        settings[id] = settings.GetValueOrDefault(id, RetentionSettings.None).Over(configured.Settings);
}
