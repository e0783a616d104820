namespace Aggregator.Core.Extracting;

/// <summary>Why a page gave no article. The numbers are stored; never renumber them.</summary>
public enum ExtractFailureKind
{
    /// <summary>There is nothing in it.</summary>
    EmptyPage = 1,

    /// <summary>More bytes than <see cref="ExtractionLimits.MaxPageBytes"/>.</summary>
    TooLarge = 2,

    /// <summary>More elements than <see cref="ExtractionLimits.MaxElements"/>.</summary>
    TooManyElements = 3,

    /// <summary>The content type, or what it begins with, is not that of a page.</summary>
    NotAPage = 4,

    /// <summary>It has no text that would be an article's.</summary>
    NoArticle = 5,

    /// <summary>The article is longer than <see cref="ExtractionLimits.MaxContentLength"/>.</summary>
    ContentTooLong = 6,

    /// <summary>The source's selectors to keep match nothing on it.</summary>
    SelectorMatchesNothing = 7,

    /// <summary>The machine had no time for it; it may be tried again.</summary>
    TimedOut = 8,
}
