namespace Aggregator.Core.Hub;

/// <summary>What is pushed: the changed entries of a topic between two positions, in its format.</summary>
/// <param name="Body">The bytes; empty when nothing that can be shown changed, and then nothing is sent.</param>
/// <param name="ContentType">The value of <c>Content-Type</c>.</param>
/// <param name="Position">The last change that it holds.</param>
public sealed record ChangeDocument(byte[] Body, string ContentType, long Position);
