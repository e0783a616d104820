namespace Aggregator.Server.Browse;

/// <summary>The headers of a page that do not depend on who asks.</summary>
/// <param name="Language">The language of the site's own words in it.</param>
/// <param name="ContentSecurityPolicy">What it may load and do.</param>
/// <param name="CacheControl">Who may keep it and how long.</param>
/// <param name="Link">The value of <c>Link</c> (RFC 8288), or null.</param>
/// <param name="MementoDatetime">The value of <c>Memento-Datetime</c> (RFC 7089 §2.1.1), or null for what is no memento.</param>
internal sealed record PageHeaders(SiteLanguage Language, string ContentSecurityPolicy, string CacheControl, string? Link = null, string? MementoDatetime = null);
