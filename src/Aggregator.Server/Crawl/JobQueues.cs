namespace Aggregator.Server.Crawl;

/// <summary>The queues that jobs wait in. Each has a job server of its own, because Hangfire.PostgreSql serves queues by their names' order.</summary>
internal static class JobQueues
{
    /// <summary>Crawls.</summary>
    public const string Crawl = "crawl";

    /// <summary>Captures of pages.</summary>
    public const string Capture = "capture";

    /// <summary>Deliveries of our hub.</summary>
    public const string Hub = "hub";

    /// <summary>What somebody waits for: <i>refresh now</i>, a new source.</summary>
    public const string Interactive = "interactive";

    /// <summary>Everything else.</summary>
    public const string Default = "default";
}
