using System.Security.Cryptography;
using Aggregator.Core.Model;

namespace Aggregator.Server.Selections;

/// <summary>What opens a visitor's selection: 128 random bits, as 32 hexadecimal digits in small letters. Whoever has it reads and changes the selection.</summary>
/// <param name="Value">The token.</param>
internal sealed record SelectionToken(string Value)
{
    private const int Bytes = 16;

    public static SelectionToken Create() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Reads a token; null for a text that cannot be one.</summary>
    public static SelectionToken? Parse(string? text) =>
        text is { Length: Bytes * 2 } && text.All(static digit => char.IsAsciiHexDigitLower(digit)) ? new SelectionToken(text) : null;

    /// <summary>What the store knows it by.</summary>
    public byte[] Hash() => new Topic.OfSelection(Value).TokenHash();

    /// <summary>Without the token: it must not come into a log.</summary>
    public override string ToString() => nameof(SelectionToken);
}
