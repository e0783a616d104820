using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Core.Hub;

/// <summary>The signature of a delivery (WebSub §8): HMAC-SHA256 over the body's bytes.</summary>
public static class ContentSignature
{
    /// <summary>The header that carries it.</summary>
    public const string Header = "X-Hub-Signature";

    /// <summary>The header's value, <c>sha256=</c> and lower-case hexadecimal.</summary>
    public static string Of(string secret, ReadOnlySpan<byte> body)
    {
        ArgumentNullException.ThrowIfNull(secret);
        return "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body));
    }
}
