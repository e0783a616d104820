using System.Security.Cryptography;
using Aggregator.Core.Stores;
using Microsoft.AspNetCore.DataProtection;

namespace Aggregator.Server.Hosting;

/// <summary>Seals with the keys of this instance, those that protect cookies too.</summary>
internal sealed class SecretSealer(IDataProtectionProvider protection, ILogger<SecretSealer> logger) : ISecretSealer
{
    private readonly IDataProtector _protector = protection.CreateProtector("Aggregator.Store.Secrets");

    /// <inheritdoc/>
    public string Seal(string text) => _protector.Protect(text);

    /// <inheritdoc/>
    public string? Open(string sealedText)
    {
        try
        {
            return _protector.Unprotect(sealedText);
        }
        catch (CryptographicException failure)
        {
            logger.LogWarning(failure, "A text in the store was sealed with a key that this instance no longer has; what it belongs to is given up");
            return null;
        }
    }
}
