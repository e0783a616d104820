using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Audits;

/// <summary>The list of changes in the store.</summary>
internal sealed class AuditStore(Database database) : IAuditStore
{
    internal const string Newest = """
        select id, at, actor, action, subject, state_before, state_after from audit
        where id < @before order by id desc limit @limit
        """;

    internal const string NewestOfSubject = """
        select id, at, actor, action, subject, state_before, state_after from audit
        where subject = @subject and id < @before order by id desc limit @limit
        """;

    private const string Insert = """
        insert into audit (at, actor, action, subject, state_before, state_after)
        values (@at, @actor, @action, @subject, @before, @after) returning id
        """;

    /// <inheritdoc />
    public Task<long> AddAsync(AuditedChange change, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        Check(change.Actor, AuditedChange.MaxNameLength, nameof(change.Actor));
        Check(change.Action, AuditedChange.MaxNameLength, nameof(change.Action));
        Check(change.Subject, AuditedChange.MaxNameLength, nameof(change.Subject));
        if (change.Before is { } before) Check(before, AuditedChange.MaxStateLength, nameof(change.Before));
        if (change.After is { } after) Check(after, AuditedChange.MaxStateLength, nameof(change.After));
        var row = new
        {
            at = now.ToUnixTimeMilliseconds(),
            actor = StorableText.Of(change.Actor),
            action = StorableText.Of(change.Action),
            subject = StorableText.Of(change.Subject),
            before = StorableText.Of(change.Before),
            after = StorableText.Of(change.After),
        };
        return database.WriteAsync(session => session.FindAsync<long>(Insert, row), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IReadOnlyList<AuditRecord>> ListAsync(string? subject, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, IAuditStore.MaxListed);
        return database.ReadAsync<IReadOnlyList<AuditRecord>>(
            async session =>
            {
                var rows = await session.ListAsync<AuditRow>(
                    subject is null ? Newest : NewestOfSubject, new { subject = StorableText.Of(subject), before = before ?? long.MaxValue, limit });
                return [.. rows.Select(row => row.ToRecord())];
            },
            cancellationToken);
    }

    private static void Check(string text, int maxLength, string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, maxLength, name);
    }

    private sealed record AuditRow
    {
        public required long Id { get; init; }
        public required long At { get; init; }
        public required string Actor { get; init; }
        public required string Action { get; init; }
        public required string Subject { get; init; }
        public string? StateBefore { get; init; }
        public string? StateAfter { get; init; }

        public AuditRecord ToRecord() => new(Id, UnixTime.FromMilliseconds(At), new AuditedChange
        {
            Actor = Actor,
            Action = Action,
            Subject = Subject,
            Before = StateBefore,
            After = StateAfter,
        });
    }
}
