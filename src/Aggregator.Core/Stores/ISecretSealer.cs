namespace Aggregator.Core.Stores;

/// <summary>Seals texts that the store has to give back, but that nobody should read who only has the store.</summary>
public interface ISecretSealer
{
    /// <summary>Seals a text.</summary>
    string Seal(string text);

    /// <summary>The text; null when it was sealed with a key that is no more.</summary>
    string? Open(string sealedText);
}
