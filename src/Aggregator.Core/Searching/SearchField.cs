namespace Aggregator.Core.Searching;

/// <summary>Where a part of a search looks.</summary>
public enum SearchField
{
    /// <summary>In title, text, authors and tags.</summary>
    Text,

    /// <summary>In the title: <c>title:</c>.</summary>
    Title,

    /// <summary>In the authors' names: <c>author:</c>.</summary>
    Author,

    /// <summary>In the name of the source: <c>source:</c>.</summary>
    Source,
}
