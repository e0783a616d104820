namespace Aggregator.Server.Sources;

/// <summary>Addresses to add.</summary>
/// <param name="Addresses">As they were entered, at most <see cref="Most"/>.</param>
/// <param name="CategoryId">The category they go to, or null.</param>
/// <param name="EvenIfAlike">Whether one is added although a source looks the same.</param>
internal sealed record AddSources(IReadOnlyList<string> Addresses, long? CategoryId = null, bool EvenIfAlike = false)
{
    /// <summary>The most addresses that are added at once; a subscription list may name more.</summary>
    public const int Most = 200;

    /// <summary>The addresses of a text, one a line, each once; blank lines are left out.</summary>
    public static IReadOnlyList<string> Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];
}
