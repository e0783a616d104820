namespace Aggregator.Core.Model;

/// <summary>
/// The rung of the identity ladder on which a source stands: what makes two items of it the same entry.
/// A source starts at <see cref="Id"/> and steps down by itself when its keys collide or keep changing.
/// The numbers are stored; never renumber them.
/// </summary>
public enum IdentityRule
{
    /// <summary>The item's guid or id; for an item without one, the next rung that applies to it.</summary>
    Id = 1,

    /// <summary>The item's link.</summary>
    Link = 2,

    /// <summary>A hash of link and publication date.</summary>
    LinkAndDate = 3,

    /// <summary>A hash of link, publication date and title.</summary>
    LinkDateAndTitle = 4,

    /// <summary>A hash of link, publication date, title and content.</summary>
    Everything = 5,
}
