namespace Aggregator.Server.Sources;

/// <summary>What an admin does to sources.</summary>
public enum SourceAction
{
    /// <summary>Makes them due.</summary>
    Refresh,

    /// <summary>Stops asking; their entries stay.</summary>
    Pause,

    /// <summary>Asks again.</summary>
    Resume,

    /// <summary>Puts them into one category, and out of all others.</summary>
    Move,

    /// <summary>Hides them and their entries; see <see cref="SourceAdministration.Grace"/>.</summary>
    Delete,

    /// <summary>Brings back what was deleted.</summary>
    Restore,
}
