namespace Aggregator.Core.Parsing;

/// <summary>The vocabularies that elements of a feed belong to.</summary>
internal enum XmlModule
{
    /// <summary>RSS itself, of any version, with or without a namespace; CDF.</summary>
    Core,
    Atom,
    AtomPublishing,
    Rdf,
    DublinCore,
    DublinCoreTerms,
    Content,
    Media,
    ITunes,
    GooglePlay,
    Podcast,
    Syndication,
    Slash,
    Threading,
    GeoRss,
    Geo,
    CreativeCommons,
    AccessControl,
    FeedBurner,
    Xhtml,
    Admin,
    WellFormedWeb,
    History,
    Tombstone,
    Aggregation,
    GoogleReader,
    Xml,
    Unknown,
}
