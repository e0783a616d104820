namespace Aggregator.Core.Routing;

/// <summary>What of an entry a condition looks at.</summary>
public enum RoutingField
{
    /// <summary>The title.</summary>
    Title,

    /// <summary>The summary.</summary>
    Summary,

    /// <summary>The body as plain text.</summary>
    Content,

    /// <summary>The name of any of its authors.</summary>
    Author,

    /// <summary>The publisher's page.</summary>
    Link,

    /// <summary>Any of the publisher's tags.</summary>
    Tag,

    /// <summary>The source's title or its public address.</summary>
    Source,

    /// <summary>The language (BCP 47).</summary>
    Language,
}
