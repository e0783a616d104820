namespace Aggregator.Core.Stores;

/// <summary>Who somebody is to another system (OpenID Connect Core 1.0 §5.7: issuer and subject together, and nothing else, are stable).</summary>
/// <param name="Issuer">The system's name for itself.</param>
/// <param name="Subject">The system's name for the person.</param>
/// <param name="Name">What to call the account when it is made.</param>
/// <param name="Role">What the person may do.</param>
public sealed record ExternalIdentity(string Issuer, string Subject, string Name, AccountRole Role)
{
    /// <summary>The longest <see cref="Id"/>, in UTF-16 code units.</summary>
    public const int MaxIdLength = 1_000;

    /// <summary>Issuer and subject as the store keeps them; an issuer has no space.</summary>
    public string Id => Issuer + " " + Subject;
}
