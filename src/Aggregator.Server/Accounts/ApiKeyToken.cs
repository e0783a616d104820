using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Aggregator.Server.Accounts;

/// <summary>A new API key as it is shown once.</summary>
/// <param name="Value">The key: <c>agg_</c> and 256 random bits in base64url.</param>
internal sealed record ApiKeyToken(string Value)
{
    private const string Prefix = "agg_";
    private const int Bytes = 32;

    /// <summary>What it begins with, to tell it from others.</summary>
    public string Hint => Value[..(Prefix.Length + 6)];

    public static ApiKeyToken Create() => new(Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>What is stored of a key; null when the text cannot be one.</summary>
    public static byte[]? HashOf(string? text) =>
        text is not null && text.Length == Prefix.Length + 43 && text.StartsWith(Prefix, StringComparison.Ordinal) && Ascii.IsValid(text)
            ? SHA256.HashData(Encoding.ASCII.GetBytes(text))
            : null;

    /// <summary>Its beginning only: what is printed by accident opens nothing.</summary>
    public override string ToString() => Hint + "…";
}
