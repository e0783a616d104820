using Aggregator.Core.Stores;

namespace Aggregator.Server.Audits;

/// <summary>What the list of changes shows.</summary>
/// <param name="Records">This page of it, newest first.</param>
/// <param name="NextBefore">The key of the next page, or null at the end.</param>
/// <param name="Subject">The only subject that is listed, or null for all.</param>
/// <param name="DashboardPath">Where the dashboard lies.</param>
public sealed record AuditListModel(IReadOnlyList<AuditRecord> Records, long? NextBefore, string? Subject, string DashboardPath);
