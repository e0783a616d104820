namespace Aggregator.Server.Browse;

/// <summary>A configured text in both languages of the site: <c>Site:Title:Zh</c>, <c>Site:Title:En</c>.</summary>
public sealed class LocalizedText
{
    /// <summary>The text on Chinese pages.</summary>
    public string Zh { get; set; } = "";

    /// <summary>The text on English pages.</summary>
    public string En { get; set; } = "";
}
