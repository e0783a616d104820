namespace Aggregator.Server.Sources;

/// <summary>Where every change that an admin makes to sources is told: the one place that all of them pass.</summary>
internal interface IAdminLog
{
    /// <summary>Tells of a change that was made.</summary>
    /// <param name="admin">Who made it.</param>
    /// <param name="action">What was done: <c>source.edit</c>, <c>source.delete</c>…</param>
    /// <param name="subject">To what: a source's number, or several.</param>
    /// <param name="before">How it was, as JSON without secrets, or null.</param>
    /// <param name="after">How it is now, as JSON without secrets, or null.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task RecordAsync(string admin, string action, string subject, string? before, string? after, CancellationToken cancellationToken);
}
