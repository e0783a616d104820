namespace Aggregator.Server.Sources;

/// <summary>Tells of changes in the program's log.</summary>
internal sealed class WrittenAdminLog(ILogger<WrittenAdminLog> logger) : IAdminLog
{
    public Task RecordAsync(string admin, string action, string subject, string? before, string? after, CancellationToken cancellationToken)
    {
        logger.LogInformation("{Admin}: {Action} of {Subject}, from {Before} to {After}", admin, action, subject, before ?? "-", after ?? "-");
        return Task.CompletedTask;
    }
}
