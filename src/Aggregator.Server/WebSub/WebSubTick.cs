using Aggregator.Core.WebSub;
using Aggregator.Server.Crawl;
using Hangfire;

namespace Aggregator.Server.WebSub;

/// <summary>Asks hubs for whatever is due: the recurring job <c>websub</c>. What it does not get to is due again; the store knows.</summary>
internal sealed class WebSubTick(HubSubscriber subscriber)
{
    /// <summary>The name under which it recurs.</summary>
    public const string RecurringId = "websub";

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(45);

    /// <summary>Subscribes, renews and leaves.</summary>
    [Queue(JobQueues.Interactive)]
    [AutomaticRetry(Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Fail)]
    public Task RunAsync(CancellationToken cancellationToken) => subscriber.AskDueAsync(Budget, cancellationToken);
}
