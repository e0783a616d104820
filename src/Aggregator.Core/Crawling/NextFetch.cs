using Aggregator.Core.Model;

namespace Aggregator.Core.Crawling;

/// <summary>When a source is asked again, and why then.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">What decided, for an admin.</param>
public sealed record NextFetch(DateTimeOffset At, ScheduleReason Reason);
