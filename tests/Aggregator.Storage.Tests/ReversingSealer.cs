using Aggregator.Core.Stores;

namespace Aggregator.Storage.Tests;

/// <summary>Seals so that a text cannot be found in the store, and forgets the key of <see cref="Lost"/>.</summary>
internal sealed class ReversingSealer : ISecretSealer
{
    /// <summary>The sealed text that cannot be opened any more.</summary>
    public const string Lost = "lost";

    public string Seal(string text) => string.Concat(text.Reverse());

    public string? Open(string sealedText) => sealedText == Lost ? null : string.Concat(sealedText.Reverse());
}
