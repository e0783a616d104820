using Aggregator.Core.Model;

namespace Aggregator.Core.Related;

/// <summary>An article that is related to another.</summary>
/// <param name="Stored">The article, without its body.</param>
/// <param name="Passage">Its passage that makes it related, plain text from outside, with … where it begins or ends inside the text; empty when it has no text.</param>
public sealed record RelatedArticle(StoredEntry Stored, string Passage);
