namespace Aggregator.Core.Stores;

/// <summary>What became of the sign-in of somebody whom another system vouches for.</summary>
public enum ExternalOutcome
{
    /// <summary>The account was there, and has the role that was named now.</summary>
    Known,

    /// <summary>An account of that name was there, and belongs to that identity from now on.</summary>
    Linked,

    /// <summary>An account was made.</summary>
    Created,

    /// <summary>Nothing was done: the account is not let in.</summary>
    Disabled,

    /// <summary>Nothing was done: somebody else's account has that name.</summary>
    NameTaken,
}
