using Aggregator.Core.Background;

namespace Aggregator.Server.Publish;

/// <summary>
/// Where feeds are packed: the two forms of one feed would keep both of a small machine's pool threads from everybody else, and among the documents
/// of a crawl they would wait for those.
/// </summary>
internal static class PublishThreads
{
    /// <summary>The threads: one for each processor.</summary>
    public static BackgroundThreads Shared { get; } = new("publishing", Environment.ProcessorCount);
}
