namespace Aggregator.Core.Stores;

/// <summary>One change that somebody made. All times are UTC.</summary>
/// <param name="Id">Its number, ascending in time.</param>
/// <param name="At">When.</param>
/// <param name="Change">Who changed what, and how it was before and after.</param>
public sealed record AuditRecord(long Id, DateTimeOffset At, AuditedChange Change);
