namespace Aggregator.Core.Stores;

/// <summary>What became of a change to an account.</summary>
public enum AccountChange
{
    /// <summary>It was made.</summary>
    Done,

    /// <summary>There is no account of that name.</summary>
    NotFound,

    /// <summary>Nothing was done, for no admin who is let in would be left.</summary>
    LastAdmin,
}
