using Aggregator.Core.Model;
using Aggregator.Core.Parsing;

namespace Aggregator.Server.Selections;

/// <summary>What we carry of a reader's subscription list.</summary>
/// <param name="Found">What can be followed, in the list's order.</param>
/// <param name="Missing">What we do not carry.</param>
/// <param name="IsCut">Whether the list has more feeds than are looked at.</param>
public sealed record ReaderListMatch(IReadOnlyList<Topic> Found, IReadOnlyList<OpmlOutline> Missing, bool IsCut);
