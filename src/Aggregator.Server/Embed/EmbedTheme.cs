namespace Aggregator.Server.Embed;

/// <summary>The colours of an embedded list. The names in lower case stand in addresses.</summary>
public enum EmbedTheme
{
    /// <summary>As the visitor's system has it.</summary>
    Auto,

    /// <summary>Dark on light.</summary>
    Light,

    /// <summary>Light on dark.</summary>
    Dark,
}
