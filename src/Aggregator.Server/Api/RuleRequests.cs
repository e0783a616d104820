using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Audits;
using Aggregator.Server.Routing;

namespace Aggregator.Server.Api;

/// <summary>
/// Answers what programs ask of rules. Whatever they change is the text of all rules of a category or a source: it is written only
/// while the store still has the text that was read, so that no two changes are mixed.
/// </summary>
internal sealed class RuleRequests(ICategoryStore categories, ISourceStore sources, RuleAdmin admin)
{
    /// <summary>The category of that slug, or null.</summary>
    public async Task<RuleOwner?> OfAsync(string slug, CancellationToken cancellationToken) =>
        await categories.FindAsync(slug, cancellationToken) is { } category ? RuleOwner.Category(category.Id) : null;

    /// <summary>The source of that number, or null.</summary>
    public async Task<RuleOwner?> OfAsync(long id, CancellationToken cancellationToken) =>
        await sources.FindAsync(id, cancellationToken) is { } source && source.State != SourceState.Deleted ? RuleOwner.Source(id) : null;

    public async Task<IResult> ReadAsync(Task<RuleOwner?> finding, CancellationToken cancellationToken) =>
        await TextAsync(await finding, cancellationToken) is { } text ? ApiDocument.Of(RulesDocument.Of(text)) : None();

    public async Task<IResult> ReadOneAsync(Task<RuleOwner?> finding, int place, CancellationToken cancellationToken)
    {
        if (await TextAsync(await finding, cancellationToken) is not { } text) return None();
        return RulesDocument.Of(text).Items.FirstOrDefault(rule => rule.Place == place) is { } rule ? ApiDocument.Of(rule) : NoRule();
    }

    public async Task<IResult> TestAsync(Task<RuleOwner?> finding, RulesChange change, CancellationToken cancellationToken)
    {
        if (await finding is not { } owner || await TextAsync(owner, cancellationToken) is not { } text) return None();
        var (trial, problem) = await admin.TryAsync(owner, change.Text ?? text, cancellationToken);
        return trial is null ? Refused("text", problem!.ToString()) : ApiDocument.Of(RuleTrialDocument.Of(trial));
    }

    public Task<IResult> WriteAsync(HttpContext http, Task<RuleOwner?> finding, RulesChange change) =>
        ChangeAsync(http, finding, "text", _ => change.Text is { } text ? (text.ReplaceLineEndings("\n").Trim(), null) : (null, Refused("text", "This has to be the lines of the rules; empty for none.")));

    public Task<IResult> AddAsync(HttpContext http, Task<RuleOwner?> finding, RuleChange change) => ChangeAsync(http, finding, "rule", lines =>
    {
        if (Line(change) is not { } rule) return (null, NoLine());
        var place = change.Place ?? lines.Rules.Count + 1;
        return place < 1 || place > lines.Rules.Count + 1
            ? (null, Refused("place", $"This has to be 1 to {lines.Rules.Count + 1}."))
            : (lines.With(place, rule), null);
    });

    public Task<IResult> ReplaceAsync(HttpContext http, Task<RuleOwner?> finding, int place, RuleChange change) => ChangeAsync(http, finding, "rule", lines =>
        place < 1 || place > lines.Rules.Count ? (null, NoRule())
        : Line(change) is { } rule ? (lines.Replaced(place, rule), null)
        : (null, NoLine()));

    public Task<IResult> RemoveAsync(HttpContext http, Task<RuleOwner?> finding, int place) => ChangeAsync(http, finding, "rule", lines =>
        place < 1 || place > lines.Rules.Count ? (null, NoRule()) : (lines.Without(place), null));

    public Task<IResult> OrderAsync(HttpContext http, Task<RuleOwner?> finding, RuleOrder order) => ChangeAsync(http, finding, "places", lines =>
        order.Places is { } places && lines.Ordered(places) is { } text ? (text, null) : (null, Refused("places", $"This has to name each place from 1 to {lines.Rules.Count} once.")));

    private async Task<IResult> ChangeAsync(HttpContext http, Task<RuleOwner?> finding, string field, Func<RuleLines, (string? Text, IResult? Refusal)> change)
    {
        var cancellationToken = http.RequestAborted;
        if (await finding is not { } owner || await TextAsync(owner, cancellationToken) is not { } seen) return None();
        if (ApiDocument.Of(RulesDocument.Of(seen)).RefuseChange(http.Request) is { } stale) return stale;
        var (text, refusal) = change(RuleLines.Of(seen));
        if (text is null) return refusal!;
        var (problem, isChanged) = await admin.ReplaceAsync(owner, text, seen, AuditTrail.NameOf(http.User), cancellationToken);
        if (problem is not null) return Refused(field, problem.ToString());
        return isChanged ? ApiDocument.ChangedMeanwhile() : ApiDocument.Of(RulesDocument.Of(text));
    }

    /// <summary>The rules of an owner, empty when it has none; null when there is no such owner.</summary>
    private async Task<string?> TextAsync(RuleOwner? owner, CancellationToken cancellationToken) =>
        owner is not null && await admin.FindAsync(owner, cancellationToken) is { } found ? found.Rules ?? "" : null;

    // A rule is one line; what would be more, or none, is not read as one.
    private static string? Line(RuleChange change) =>
        change.Rule?.Trim() is { Length: > 0 } rule && rule[0] != '#' && !rule.Any(char.IsControl) ? rule : null;

    private static IResult NoLine() => Refused("rule", "This has to be one rule on one line.");

    private static IResult Refused(string field, string sentence) => ApiProblems.OfFields(StatusCodes.Status422UnprocessableEntity, (field, sentence));

    private static IResult None() => ApiProblems.NotFound("There is no such category or source.");

    private static IResult NoRule() => ApiProblems.NotFound("There is no rule at that place.");
}
