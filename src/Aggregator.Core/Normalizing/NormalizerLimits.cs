namespace Aggregator.Core.Normalizing;

/// <summary>The bounds of what normalising lets into the store. What is longer is cut, what is more is left out.</summary>
public static class NormalizerLimits
{
    /// <summary>The longest key; a longer one is hashed.</summary>
    public const int MaxKeyLength = 200;

    /// <summary>The longest title, in characters.</summary>
    public const int MaxTitleLength = 1_000;

    /// <summary>The longest summary, in characters.</summary>
    public const int MaxSummaryLength = 4_000;

    /// <summary>How long a summary is made from content that has none, in characters.</summary>
    public const int MadeSummaryLength = 300;

    /// <summary>How long a title is made from the text of an entry that has none, in characters.</summary>
    public const int MadeTitleLength = 80;

    /// <summary>The longest content that is sanitised, in characters of its source; what is longer becomes plain text, cut here.</summary>
    public const int MaxContentLength = 4 * 1024 * 1024;

    /// <summary>The deepest markup; tags nested deeper are left out, their text stays.</summary>
    public const int MaxMarkupDepth = 200;

    /// <summary>The longest address.</summary>
    public const int MaxUrlLength = 4_096;

    /// <summary>The longest guid that is kept; a longer one is cut.</summary>
    public const int MaxGuidLength = 2_000;

    /// <summary>The most authors of an entry.</summary>
    public const int MaxAuthors = 50;

    /// <summary>The longest name of a person or a tag, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>The most tags of an entry.</summary>
    public const int MaxTags = 100;

    /// <summary>The most enclosures of an entry.</summary>
    public const int MaxEnclosures = 100;

    /// <summary>The most entries of a document that are kept: the first ones.</summary>
    public const int MaxEntries = 20_000;
}
