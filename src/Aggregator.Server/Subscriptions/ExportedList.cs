namespace Aggregator.Server.Subscriptions;

/// <summary>A subscription list that was written.</summary>
/// <param name="Document">OPML 2.0 in UTF-8.</param>
/// <param name="Sources">How many sources it names.</param>
/// <param name="WithoutSecrets">How many of them have secrets that were left out.</param>
internal sealed record ExportedList(byte[] Document, int Sources, int WithoutSecrets);
