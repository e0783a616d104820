using Aggregator.Server.Accounts;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the sign-in page shows.</summary>
/// <param name="Token">The form's token.</param>
/// <param name="ReturnTo">The local address to go to afterwards; null for the dashboard.</param>
/// <param name="SignedInAs">Who is signed in already, or null.</param>
/// <param name="Name">The name as it was typed.</param>
/// <param name="Problem">What went wrong, in words, or null.</param>
public sealed record SignInModel(
    FormToken Token,
    string? ReturnTo,
    string? SignedInAs,
    string? Name = null,
    string? Problem = null)
{
    /// <summary>What the OpenID Connect provider is called with which one can sign in too, or null.</summary>
    public string? Provider { get; init; }
}
