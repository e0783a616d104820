using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Core.WebSub;

/// <summary>
/// Judges <c>X-Hub-Signature</c> (WebSub §8): an HMAC over the body's raw bytes, compared in constant time.
/// SHA-256, SHA-384 and SHA-512 prove who sent the content. SHA-1, which the largest public hub still signs with, proves less
/// than the rest of this program asks for: such a push is a reason to ask the publisher, and its content is not taken.
/// </summary>
internal static class HubSignature
{
    /// <summary>Judges a header.</summary>
    /// <param name="header">The header as it came, or null.</param>
    /// <param name="secret">The secret that the hub was given.</param>
    /// <param name="body">The raw body.</param>
    public static HubSignatureVerdict Judge(string? header, string secret, ReadOnlySpan<byte> body)
    {
        if (header is null) return HubSignatureVerdict.Missing;
        var equals = header.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0) return HubSignatureVerdict.Wrong;
        var key = Encoding.UTF8.GetBytes(secret);
        var (computed, verdict) = header[..equals].Trim().ToLowerInvariant() switch
        {
            "sha256" => (HMACSHA256.HashData(key, body), HubSignatureVerdict.Valid),
            "sha384" => (HMACSHA384.HashData(key, body), HubSignatureVerdict.Valid),
            "sha512" => (HMACSHA512.HashData(key, body), HubSignatureVerdict.Valid),
#pragma warning disable CA5350 // Recognised, because hubs use it, and never trusted with content.
            "sha1" => (HMACSHA1.HashData(key, body), HubSignatureVerdict.Weak),
#pragma warning restore CA5350
            _ => (null, HubSignatureVerdict.Wrong),
        };
        if (computed is null) return HubSignatureVerdict.Wrong;
        var claimed = header.AsSpan(equals + 1).Trim();
        if (claimed.Length != computed.Length * 2) return HubSignatureVerdict.Wrong;
        var bytes = new byte[computed.Length];
        return Convert.FromHexString(claimed, bytes, out _, out _) == System.Buffers.OperationStatus.Done
               && CryptographicOperations.FixedTimeEquals(bytes, computed)
            ? verdict
            : HubSignatureVerdict.Wrong;
    }
}
