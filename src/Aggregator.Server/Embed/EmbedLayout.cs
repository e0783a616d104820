namespace Aggregator.Server.Embed;

/// <summary>How an embedded list shows its entries. The names in lower case stand in addresses.</summary>
public enum EmbedLayout
{
    /// <summary>One line for each entry: its title.</summary>
    Headlines,

    /// <summary>Title, source and time.</summary>
    List,

    /// <summary>Boxes beside each other, as many as fit.</summary>
    Cards,
}
