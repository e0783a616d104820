namespace Aggregator.Core.Snapshots;

/// <summary>What a block of an article is.</summary>
public enum ContentBlockKind
{
    /// <summary>Running text.</summary>
    Paragraph = 0,

    /// <summary>A heading of any level.</summary>
    Heading = 1,

    /// <summary>An item of a list.</summary>
    ListItem = 2,

    /// <summary>Text that is quoted as a block.</summary>
    Quote = 3,

    /// <summary>Text whose spaces count.</summary>
    Preformatted = 4,

    /// <summary>A row of a table, its cells parted by a bar.</summary>
    TableRow = 5,

    /// <summary>A picture, a film or a sound: its alternative text and its address.</summary>
    Media = 6,
}
