namespace Aggregator.Server.Accounts;

/// <summary>The names of the authorization policies.</summary>
internal static class AccountPolicies
{
    /// <summary>Only for those who signed in with an admin's account: the dashboard and everything that changes something.</summary>
    public const string Admin = "Admin";
}
