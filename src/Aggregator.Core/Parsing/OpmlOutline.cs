namespace Aggregator.Core.Parsing;

/// <summary>One outline of a subscription list: a feed, or a folder of outlines (OPML 2.0).</summary>
public sealed record OpmlOutline
{
    /// <summary>What it is called (<c>text</c>); empty when it has no such attribute.</summary>
    public required string Text { get; init; }

    /// <summary>Its <c>title</c>, where it has one: usually the same as <see cref="Text"/>.</summary>
    public string? Title { get; init; }

    /// <summary>Its <c>type</c>, where it has one: <c>rss</c> for a feed of any dialect.</summary>
    public string? Type { get; init; }

    /// <summary>What to call it: its title, else its text, else its address. Readers show titles, and so do those who write both.</summary>
    public string DisplayName =>
        !string.IsNullOrWhiteSpace(Title) ? Title.Trim() : !string.IsNullOrWhiteSpace(Text) ? Text.Trim() : XmlUrl ?? "";

    /// <summary>The feed's address as it stands; null for a folder.</summary>
    public string? XmlUrl { get; init; }

    /// <summary>The page that the feed belongs to.</summary>
    public string? HtmlUrl { get; init; }

    /// <summary>The namespace of the attributes in which we keep what OPML has no word for.</summary>
    public const string OwnNamespace = "urn:aggregator:opml";

    /// <summary>
    /// Every other attribute by name, in document order, so that nothing is lost on writing. A name in a namespace is written
    /// <c>{namespace}name</c>; see <see cref="AttributeName"/>.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Attributes { get; init; } = [];

    /// <summary>The value of an attribute of <see cref="OwnNamespace"/>, or null.</summary>
    public string? Own(string name)
    {
        var full = AttributeName(OwnNamespace, name);
        foreach (var (key, value) in Attributes)
            if (key == full)
                return value;
        return null;
    }

    /// <summary>The name under which <see cref="Attributes"/> holds an attribute.</summary>
    public static string AttributeName(string namespaceUri, string localName) =>
        string.IsNullOrEmpty(namespaceUri) ? localName : $"{{{namespaceUri}}}{localName}";

    /// <summary>What is inside it.</summary>
    public IReadOnlyList<OpmlOutline> Outlines { get; init; } = [];
}
