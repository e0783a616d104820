namespace Aggregator.Server.Browse;

/// <summary>What a page is rendered for, when it is not one request alone but everybody who asks for the same.</summary>
/// <param name="Language">The language of the site's own words.</param>
/// <param name="Query">The query of its address in its one spelling, which links to other languages keep; empty or with its question mark.</param>
/// <param name="LanguageParameter">The name of the parameter that chooses a language on this page.</param>
internal sealed record PageRequest(SiteLanguage Language, string Query, string LanguageParameter);
