using System.Text;

namespace Aggregator.Core.Searching;

/// <summary>
/// The simplified form of traditional Chinese characters, so that 國際 finds 国际 and the other way round. One table of single
/// characters, from OpenCC (its origin stands in <c>TraditionalToSimplified.txt</c>): a search does not need the choice by
/// words that a conversion for readers needs.
/// </summary>
internal static class SimplifiedCharacters
{
    private const char First = '\u3400';

    private static readonly char[] Table = Load();

    /// <summary>The simplified form, or the character itself.</summary>
    public static char Of(char c) => c is >= First and <= '\uFAFF' && Table[c - First] is not '\0' and var simplified ? simplified : c;

    private static char[] Load()
    {
        using var stream = typeof(SimplifiedCharacters).Assembly.GetManifestResourceStream("Aggregator.Core.Searching.TraditionalToSimplified.txt")
            ?? throw new InvalidOperationException("The table of simplified characters is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var table = new char['\uFAFF' - First + 1];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#')) continue;
            for (var i = 0; i + 1 < line.Length; i += 2)
                if (line[i] is >= First and <= '\uFAFF')
                    table[line[i] - First] = line[i + 1];
        }

        return table;
    }
}
