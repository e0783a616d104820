namespace Aggregator.Testing;

/// <summary>A document of the shared judgements.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Title">Its title; may be empty.</param>
/// <param name="Text">Its text, or a passage of it.</param>
/// <param name="Group">What it is in <c>seed.jsonl</c>: <c>query</c>, <c>related</c> or <c>other</c>.</param>
/// <param name="Related">What is related to it, in <c>tags.jsonl</c>.</param>
public sealed record RelatedDocument(int Id, string Title, string Text, string? Group, IReadOnlyCollection<int> Related);
