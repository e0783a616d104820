namespace Aggregator.Server.Categories;

/// <summary>Why a category was not written.</summary>
public enum CategoryProblem
{
    /// <summary>It has no title, or one that is too long.</summary>
    Title,

    /// <summary>The slug cannot stand in an address.</summary>
    Slug,

    /// <summary>Another category has the slug, or once had it.</summary>
    SlugTaken,

    /// <summary>The description is too long.</summary>
    Description,

    /// <summary>The language is no BCP 47 tag.</summary>
    Language,

    /// <summary>The position is no whole number.</summary>
    Position,

    /// <summary>The default of what may be shown is no level.</summary>
    Republish,

    /// <summary>There is no such category any more.</summary>
    Gone,

    /// <summary>Somebody else has changed it meanwhile.</summary>
    Changed,
}
