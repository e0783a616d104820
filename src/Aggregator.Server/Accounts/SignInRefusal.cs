namespace Aggregator.Server.Accounts;

/// <summary>Why somebody who came back from an OpenID Connect provider is not let in.</summary>
public enum SignInRefusal
{
    /// <summary>The provider said no, or the visitor said it there.</summary>
    Denied,

    /// <summary>What came back cannot be trusted: its state, nonce, signature, issuer, audience or age is wrong. The log says which.</summary>
    Failed,

    /// <summary>The provider's claims name no role here.</summary>
    NoRole,

    /// <summary>The provider's claims hold nothing that can be the name of an account.</summary>
    NoName,

    /// <summary>There is an account of that name that belongs to somebody else.</summary>
    NameTaken,

    /// <summary>The account is disabled.</summary>
    Disabled,

    /// <summary>The provider does not answer.</summary>
    Unreachable,
}
