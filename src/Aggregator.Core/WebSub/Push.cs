namespace Aggregator.Core.WebSub;

/// <summary>A content distribution request as it came (WebSub §7).</summary>
/// <param name="Body">The raw body, within <see cref="WebSubOptions.MaxPushBytes"/>.</param>
/// <param name="ContentType">Its <c>Content-Type</c>, or null.</param>
/// <param name="Signature">Its <c>X-Hub-Signature</c>, or null.</param>
/// <param name="IsPacked">Whether it has a content coding: such a body is not unpacked.</param>
public sealed record Push(ReadOnlyMemory<byte> Body, string? ContentType, string? Signature, bool IsPacked = false);
