namespace Aggregator.Core.Stores;

/// <summary>What an account may do. The numbers are stored.</summary>
public enum AccountRole
{
    /// <summary>Everything.</summary>
    Admin = 1,

    /// <summary>See everything and change nothing but the own password and the own sessions.</summary>
    Viewer = 2,
}
