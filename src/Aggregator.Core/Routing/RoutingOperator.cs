namespace Aggregator.Core.Routing;

/// <summary>How a condition compares. None of them minds case.</summary>
public enum RoutingOperator
{
    /// <summary>The text stands somewhere in the field.</summary>
    Contains,

    /// <summary>A regular expression finds something in the field, in time that grows with its length only.</summary>
    Matches,

    /// <summary>The field is the text; of a language, also a variant of it: <c>zh</c> is <c>zh-Hans-CN</c> too (RFC 4647 §3.3.1).</summary>
    EqualTo,
}
