namespace Aggregator.Core.Extracting;

/// <summary>The bounds of what extraction reads of a page and lets out of it. What is longer is cut, what is more is left out or refused by name.</summary>
public static class ExtractionLimits
{
    /// <summary>The largest page, in bytes after decompression; a larger one is refused.</summary>
    public const int MaxPageBytes = 10 * 1024 * 1024;

    /// <summary>The most elements of a page; one with more is refused.</summary>
    public const int MaxElements = 150_000;

    /// <summary>The deepest nesting, that of browsers; tags nested deeper are left out, their text stays.</summary>
    public const int MaxDepth = 512;

    /// <summary>The most pairs of siblings, over all elements of a page, with which SmartReader is asked; a page of 7,000 paragraphs in a row has more.</summary>
    public const long MaxSiblingPairs = 50_000_000;

    /// <summary>The most characters of text, each counted as often as it is deep, with which SmartReader is asked.</summary>
    public const long MaxTextDepth = 150_000_000;

    /// <summary>The longest tag, in characters; of a longer one only the name is read.</summary>
    public const int MaxTagLength = 64 * 1024;

    /// <summary>The longest body that comes out, in characters of sanitised markup; a longer one is refused.</summary>
    public const int MaxContentLength = 2 * 1024 * 1024;

    /// <summary>The longest block of linked data that is read, in characters.</summary>
    public const int MaxLinkedDataLength = 512 * 1024;

    /// <summary>The most blocks of linked data of a page.</summary>
    public const int MaxLinkedDataBlocks = 20;

    /// <summary>The most <c>meta</c> elements of a page.</summary>
    public const int MaxMetaElements = 500;

    /// <summary>The longest line of a page that is searched for names, dates and sources, in characters.</summary>
    public const int MaxLineLength = 400;

    /// <summary>How long one look at one line may take, in milliseconds. Lines are short: only a machine that stands still reaches it.</summary>
    internal const int MatchMilliseconds = 10_000;

    /// <summary>The most authors of an article.</summary>
    public const int MaxAuthors = 20;

    /// <summary>The most credits of an article.</summary>
    public const int MaxCredits = 50;

    /// <summary>The longest name of a person, source or site, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The most pictures that are listed of an article.</summary>
    public const int MaxImages = 500;

    /// <summary>The most pages that are joined to one article.</summary>
    public const int MaxPages = 20;

    /// <summary>The most selectors of a source that keep, and the most that remove.</summary>
    public const int MaxSelectors = 20;

    /// <summary>The longest selector, in characters.</summary>
    public const int MaxSelectorLength = 300;

    /// <summary>The most <c>X-Robots-Tag</c> lines and robots <c>meta</c> elements that are read.</summary>
    public const int MaxRobotsLines = 50;
}
