namespace Aggregator.Server.Administration;

/// <summary>The one place through which every change to categories, rules and subscription lists passes, so that it is on record.</summary>
internal sealed class AdminChanges(ILogger<AdminChanges> logger)
{
    /// <summary>Puts a change on record, after it was made.</summary>
    public void Record(AdminChange change) => logger.LogInformation(
        "{What} of {Subject} by {By}: {Before} -> {After}", change.What, change.Subject, change.By, change.Before, change.After);
}
