namespace Aggregator.Server.Tests.Publish;

/// <summary>A request that a <see cref="PublishSite"/> answered.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="Manipulations">Its <c>A-IM</c>.</param>
/// <param name="IfNoneMatch">Its <c>If-None-Match</c>.</param>
/// <param name="Status">The status of the answer.</param>
internal sealed record SeenRequest(string Path, string? Manipulations, string? IfNoneMatch, int Status);
