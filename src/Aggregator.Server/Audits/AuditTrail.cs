using System.Security.Claims;
using Aggregator.Core.Audits;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Audits;

/// <summary>Where every change is told that somebody made: in the dashboard, by the API, on the command line.</summary>
internal sealed class AuditTrail(IAuditStore store, TimeProvider clock)
{
    /// <summary>The actor of what a command does.</summary>
    public const string CommandLine = "command line";

    /// <summary>The claim that names the API key of a request.</summary>
    public const string KeyNameClaim = "api-key-name";

    /// <summary>
    /// Tells of a change that was made. Call it after the change; it is not broken off with the request, for what was done was done.
    /// </summary>
    /// <param name="actor">Whoever asked for it.</param>
    /// <param name="action">What was done, as <c>kind.verb</c>; see <see cref="AuditedChange.Action"/>.</param>
    /// <param name="subject">To what, as <c>kind:name</c>; it is cut when it is too long.</param>
    /// <param name="before">An object whose properties say how it was; see <see cref="AuditState"/> for what is left out. Null when there was nothing.</param>
    /// <param name="after">The same for how it is now; null when nothing is left.</param>
    public Task RecordAsync(ClaimsPrincipal actor, string action, string subject, object? before = null, object? after = null) =>
        RecordAsync(NameOf(actor), action, subject, before, after);

    /// <inheritdoc cref="RecordAsync(ClaimsPrincipal, string, string, object?, object?)"/>
    public Task RecordAsync(string actor, string action, string subject, object? before = null, object? after = null) =>
        store.AddAsync(
            new AuditedChange
            {
                Actor = Bounded(actor),
                Action = action,
                Subject = Bounded(subject),
                Before = AuditState.Of(before),
                After = AuditState.Of(after),
            },
            clock.GetUtcNow(), CancellationToken.None);

    /// <summary>What the list calls whoever asked: the account, and the key when it was one.</summary>
    public static string NameOf(ClaimsPrincipal actor) => (actor.Identity?.Name, actor.FindFirst(KeyNameClaim)?.Value) switch
    {
        ({ Length: > 0 } name, { } key) => $"{name} (key: {key})",
        ({ Length: > 0 } name, _) => name,
        _ => "unknown",
    };

    private static string Bounded(string text) => text.Length <= AuditedChange.MaxNameLength ? text : TextCut.WithEllipsis(text, AuditedChange.MaxNameLength - 1);
}
