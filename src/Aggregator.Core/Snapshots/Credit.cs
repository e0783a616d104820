namespace Aggregator.Core.Snapshots;

/// <summary>Somebody's part in an article besides writing it: 责任编辑, 审核, photo…</summary>
/// <param name="Role">The part, as the publisher names it.</param>
/// <param name="Name">Who.</param>
public sealed record Credit(string Role, string Name);
