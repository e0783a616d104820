using Aggregator.Core.Model;
using Aggregator.Core.Routing;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Categories;

namespace Aggregator.Server.Routing;

/// <summary>What admins do with rules, whichever way they come.</summary>
internal sealed class RuleAdmin(
    ICategoryStore categories, ISourceStore sources, IEntryStore entries, IEntryArchive archive, IRoutingStore routing, IRefreshStore refreshes,
    CategoryAdmin categoryAdmin, AuditTrail trail)
{
    /// <summary>How many entries a trial looks at.</summary>
    public const int TrialEntries = 200;

    private const int MaxAttempts = 5;

    /// <summary>What the owner is called and its rules, or null when there is no such owner.</summary>
    public async Task<(string Title, string? Rules)?> FindAsync(RuleOwner owner, CancellationToken cancellationToken)
    {
        if (owner.IsSource) return await sources.FindAsync(owner.Id, cancellationToken) is { } source ? (source.DisplayTitle, source.Rules) : null;
        return await categories.FindAsync(owner.Id, cancellationToken) is { } category ? (category.Title, category.Rules) : null;
    }

    /// <summary>Says what rules would do with the newest entries; nothing is changed.</summary>
    public async Task<(RuleTrial? Trial, RoutingProblem? Problem)> TryAsync(RuleOwner owner, string text, CancellationToken cancellationToken)
    {
        if (!RoutingRules.TryParse(text, out var rules, out var problem)) return (null, problem);
        var newest = await archive.ListAsync(new EntryQuery { Topic = owner.Topic, Limit = TrialEntries, WithContent = true }, cancellationToken);
        var found = (await sources.FindManyAsync([.. newest.Select(entry => entry.SourceId).Distinct()], cancellationToken)).ToDictionary(source => source.Id);
        var hits = new List<(StoredEntry, RoutingOutcome)>();
        foreach (var entry in newest)
        {
            if (!found.TryGetValue(entry.SourceId, out var source)) continue;
            var outcome = RoutingRules.Apply([rules], new RoutingSubject(entry.Entry, source));
            if (outcome.Applied.Count > 0) hits.Add((entry, outcome));
        }

        return (new RuleTrial(newest.Count, hits), null);
    }

    /// <summary>Writes the rules of an owner; they hold for what comes from now on. Says what is wrong instead, and then nothing is written.</summary>
    public async Task<RoutingProblem?> SaveAsync(RuleOwner owner, string text, string by, CancellationToken cancellationToken)
    {
        // Whoever saves a page means all of it; what somebody else wrote meanwhile stands in the audit list as the state before.
        for (var attempt = 0; ; attempt++)
        {
            var seen = await FindAsync(owner, cancellationToken);
            var (problem, isChanged) = await ReplaceAsync(owner, text, seen?.Rules, by, cancellationToken);
            if (problem is not null || !isChanged || seen is null || attempt == MaxAttempts) return problem;
        }
    }

    /// <summary>The same when the owner still has the rules that the caller has seen; else nothing is written.</summary>
    public async Task<(RoutingProblem? Problem, bool IsChanged)> ReplaceAsync(RuleOwner owner, string text, string? seen, string by, CancellationToken cancellationToken)
    {
        if (!RoutingRules.TryParse(text, out var rules, out var problem)) return (problem, false);
        if (await MissingAsync(rules, cancellationToken) is { } missing)
            return (new RoutingProblem(LineOf(text, missing), 1, RoutingProblemKind.NoSuchCategory, missing), false);

        var written = string.IsNullOrWhiteSpace(text) ? null : text;
        if (!owner.IsSource) return (null, (await categoryAdmin.SetRulesAsync(owner.Id, written, seen, by, cancellationToken)).Count > 0);
        if (!await sources.ReplaceRulesAsync(owner.Id, written, seen, cancellationToken)) return (null, true);
        await trail.RecordAsync(by, "source.edit", owner.ToString(), new { Rules = seen }, new { Rules = written });
        return (null, false);
    }

    /// <summary>Why an entry is where it is, or null when there is no such entry.</summary>
    public async Task<RuleExplanation?> ExplainAsync(long entryId, CancellationToken cancellationToken)
    {
        if (await archive.FindAsync(entryId, cancellationToken) is not { } entry || await sources.FindAsync(entry.SourceId, cancellationToken) is not { } source) return null;
        var rules = await RulesOfAsync(source, cancellationToken);
        var ofSource = (await sources.ListAsync(source.Id - 1, 1, cancellationToken)).Where(listing => listing.Source.Id == source.Id).SelectMany(listing => listing.Categories);
        return new RuleExplanation(
            entry, source, [.. ofSource],
            await entries.CategoriesOfAsync(entryId, cancellationToken),
            await routing.RoutesOfAsync(entryId, cancellationToken),
            RoutingRules.Apply(rules, new RoutingSubject(entry.Entry, source), explain: true));
    }

    /// <summary>Every rule that is asked about a source's entries, in the order in which a refresh asks them.</summary>
    public async Task<IReadOnlyList<RoutingRules>> RulesOfAsync(Source source, CancellationToken cancellationToken)
    {
        var facts = await refreshes.FindRoutingAsync(source.Id, [], cancellationToken);
        return [.. facts.CategoryRules.Prepend(source.Rules).Select(RoutingRules.Of).Where(static rules => rules.Rules.Count > 0)];
    }

    private async Task<string?> MissingAsync(RoutingRules rules, CancellationToken cancellationToken)
    {
        foreach (var slug in rules.Rules.Select(static rule => rule.Action).OfType<RoutingAction.IntoCategory>().Select(static action => action.Slug).Distinct())
            if (await categories.FindAsync(slug, cancellationToken) is null && await categories.FindByOldSlugAsync(slug, cancellationToken) is null)
                return slug;
        return null;
    }

    private static int LineOf(string text, string slug) =>
        1 + text.Split('\n').TakeWhile(line => !line.Contains('"' + slug + '"', StringComparison.Ordinal)).Count();
}
