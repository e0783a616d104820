namespace Aggregator.Server.Accounts;

/// <summary>
/// The section <c>Accounts:OpenIdConnect</c> of the configuration: the provider with which one can sign in besides passwords (OpenID
/// Connect Core 1.0, authorization code with PKCE). Without <see cref="Authority"/> there is none.
/// </summary>
public sealed class IdentityProviderOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = AccountOptions.Section + ":OpenIdConnect";

    private const int MaxLength = 200;

    /// <summary>The issuer, without <c>/.well-known/openid-configuration</c>: https, or http on this machine.</summary>
    public string? Authority { get; set; }

    /// <summary>Who we are to the provider.</summary>
    public string? ClientId { get; set; }

    /// <summary>Our password at the provider; none for a public client, which PKCE alone protects.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>What is asked for besides <c>openid</c>, separated by spaces.</summary>
    public string Scopes { get; set; } = "profile";

    /// <summary>The claim of the identity token that names roles or groups: a text or a list of texts.</summary>
    public string RoleClaim { get; set; } = "roles";

    /// <summary>What stands in that claim of an admin.</summary>
    public string? AdminRole { get; set; } = "aggregator-admin";

    /// <summary>What stands in that claim of a viewer.</summary>
    public string? ViewerRole { get; set; } = "aggregator-viewer";

    /// <summary>The claim that new accounts are named by.</summary>
    public string NameClaim { get; set; } = "preferred_username";

    /// <summary>
    /// Whether an account that is there already, with a password, is given to whoever has its name at the provider. Only for a provider
    /// where nobody chooses his own name.
    /// </summary>
    public bool LinkByName { get; set; }

    /// <summary>What the page for signing in calls the provider.</summary>
    public string Name { get; set; } = "OpenID Connect";

    /// <summary>Whether there is a provider.</summary>
    public bool IsOn => !string.IsNullOrWhiteSpace(Authority);

    /// <summary><see cref="Name"/>, or null when there is no provider.</summary>
    public string? NameWhenOn => IsOn ? Name : null;

    /// <summary>Whether the authority is reached without TLS, which only loopback may be.</summary>
    internal bool IsLoopback => Uri.TryCreate(Authority, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback;

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (!IsOn) return null;
        if (!Uri.TryCreate(Authority, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0
            || !(uri.Scheme == Uri.UriSchemeHttps || IsLoopback))
            return $"{Section}:Authority must be the https address of an OpenID Connect issuer; http is for this machine only.";
        if (string.IsNullOrWhiteSpace(ClientId)) return $"{Section}:ClientId is missing; the provider gives it when this site is registered there.";
        if (IsNoName(RoleClaim)) return $"{Section}:RoleClaim must name the claim that holds roles.";
        if (IsNoName(NameClaim)) return $"{Section}:NameClaim must name the claim that holds the name.";
        if (string.IsNullOrWhiteSpace(AdminRole) && string.IsNullOrWhiteSpace(ViewerRole))
            return $"{Section}:AdminRole or ViewerRole must be set, or nobody could sign in.";
        return IsNoName(Name) ? $"{Section}:Name must be 1 to {MaxLength} characters." : null;
    }

    private static bool IsNoName(string? text) => string.IsNullOrWhiteSpace(text) || text.Length > MaxLength;
}
