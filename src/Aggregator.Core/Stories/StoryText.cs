namespace Aggregator.Core.Stories;

/// <summary>
/// An article as it is compared with others: its words in their order, without what sites set around it. It holds hashes of words, no text.
/// </summary>
public sealed class StoryText
{
    /// <summary>The version of this preparation and of what is made from it: with another one every text has to be looked at again.</summary>
    public const int Version = 2;

    /// <summary>How many lines at either end may be nothing but source lines and credits.</summary>
    private const int MaxEdge = 8;

    private StoryText(StoryWord[] title, StoryWord[] words, string? namedSource, bool hasSourceLine) =>
        (Title, Words, Named, HasSourceLine, Mass) = (title, words, namedSource, hasSourceLine, MassOf(words, 0, words.Length));

    /// <summary>The source that the text names as its own (转自, 来源, via, Source:), or null.</summary>
    public string? Named { get; }

    /// <summary>How much there is to compare: words, a character of a script without spaces counting as 0.6 of one.</summary>
    public double Mass { get; }

    internal StoryWord[] Title { get; }

    internal StoryWord[] Words { get; }

    /// <summary>Whether lines that belong to a site were left out.</summary>
    internal bool HasSourceLine { get; }

    /// <summary>Prepares a text.</summary>
    /// <param name="title">The title as plain text.</param>
    /// <param name="summary">The summary as plain text: the text where there is no body.</param>
    /// <param name="content">The body as sanitised HTML.</param>
    public static StoryText Of(string title, string? summary, string? content)
    {
        ArgumentNullException.ThrowIfNull(title);
        var lines = string.IsNullOrWhiteSpace(content) ? [] : StoryLines.Of(content);
        if (lines.Count == 0 && !string.IsNullOrWhiteSpace(summary)) lines = [.. summary.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];

        string? named = null;
        var (first, last) = (0, lines.Count);
        for (; first < last && first < MaxEdge && NamedSource.IsAround(lines[first]); first++) named ??= NamedSource.In(lines[first]);
        for (; last > first && lines.Count - last < MaxEdge && NamedSource.IsAround(lines[last - 1]); last--) named ??= NamedSource.In(lines[last - 1]);

        // A body of nothing else is what the article says.
        var isCut = last > first && (first > 0 || last < lines.Count);
        if (last <= first) (first, last) = (0, lines.Count);
        if (named is null && last > first) named = NamedSource.In(lines[first]) ?? NamedSource.In(lines[last - 1]);
        named ??= NamedSource.In(title);

        var words = new StoryWords(LengthOf(lines, first, last));
        for (var i = first; i < last && words.Words.Count < StoryWords.MaxWords; i++) words.Add(lines[i]);
        var headline = new StoryWords(title.Length);
        headline.Add(title);
        return new StoryText(headline.ToArray(), words.ToArray(), named, isCut);
    }

    private static int LengthOf(List<string> lines, int first, int last)
    {
        var length = 0;
        for (var i = first; i < last && length < StoryWords.MaxWords; i++) length += lines[i].Length;
        return length;
    }

    internal static double MassOf(StoryWord[] words, int start, int end)
    {
        var mass = 0.0;
        for (var i = start; i < end; i++) mass += words[i].Is(StoryWordKind.Character) ? 0.6 : 1;
        return mass;
    }
}
