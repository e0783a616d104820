using Aggregator.Core.Stores;

namespace Aggregator.Server.Accounts;

/// <summary>The names of the authorization policies, and of the roles that they ask for.</summary>
internal static class AccountPolicies
{
    /// <summary>Only for those who signed in with an admin's account: everything that changes something.</summary>
    public const string Admin = "Admin";

    /// <summary>For everybody who signed in: seeing the dashboard.</summary>
    public const string Viewer = "Viewer";

    /// <summary>A role as a claim names it.</summary>
    public static string RoleOf(AccountRole role) => role == AccountRole.Admin ? Admin : Viewer;
}
