namespace Aggregator.Server.Hosting;

/// <summary>A setting cannot be used. The message is a sentence that names its key; it stops the start.</summary>
/// <param name="message">The sentence.</param>
internal sealed class SettingException(string message) : Exception(message);
