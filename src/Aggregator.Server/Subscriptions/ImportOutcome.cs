namespace Aggregator.Server.Subscriptions;

/// <summary>What became of one line of a subscription list.</summary>
public enum ImportOutcome
{
    /// <summary>The source is new.</summary>
    Added,

    /// <summary>The source was there already and stays as it is, or the list named it before.</summary>
    Known,

    /// <summary>It was not taken.</summary>
    Refused,

    /// <summary>It was taken without something that could not be taken.</summary>
    Partly,
}
