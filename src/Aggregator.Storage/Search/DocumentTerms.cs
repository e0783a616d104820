using Aggregator.Core.Searching;

namespace Aggregator.Storage.Search;

/// <summary>
/// The terms of one document on their way into a segment. Nine of ten terms of a Chinese text are one to three characters: those are a
/// number each, by which they are put in order without looking at letters.
/// </summary>
internal sealed class DocumentTerms : ITerms
{
    /// <summary>The longest term that is a number, in UTF-16 code units.</summary>
    public const int MaxShort = sizeof(ulong) / sizeof(char);

    /// <summary>How many bytes of UTF-8 such a term has at the most.</summary>
    public const int MaxShortBytes = 3 * MaxShort;

    private readonly List<ulong> _short = [];
    private readonly HashSet<string> _long = new(StringComparer.Ordinal);

    /// <summary>The short ones as <see cref="NumberOf"/> has them, in no order, some of them more than once.</summary>
    public List<ulong> Short => _short;

    /// <summary>The others.</summary>
    public IReadOnlyCollection<string> Long => _long;

    /// <inheritdoc />
    public void Add(ReadOnlySpan<char> term)
    {
        if (term.Length <= MaxShort) _short.Add(NumberOf(term));
        else _long.GetAlternateLookup<ReadOnlySpan<char>>().Add(term);
    }

    /// <summary>
    /// The number of a term of at most <see cref="MaxShort"/> code units, or of the beginning of a longer one: numbers stand in the order of the
    /// terms' bytes in UTF-8.
    /// </summary>
    public static ulong NumberOf(ReadOnlySpan<char> term)
    {
        var number = 0UL;
        for (var i = 0; i < MaxShort; i++) number = (number << 16) | (i < term.Length ? Raise(term[i]) : '\0');
        return number;
    }

    /// <summary>Writes the term of a number in UTF-8; how many bytes it has.</summary>
    public static int Write(ulong number, Span<byte> utf8)
    {
        Span<char> term = stackalloc char[MaxShort];
        var length = 0;
        for (; number != 0; number <<= 16) term[length++] = Lower((char)(number >> 48));
        return System.Text.Encoding.UTF8.GetBytes(term[..length], utf8);
    }

    // Halves of pairs stand for what is above U+FFFF, and so above U+E000 to U+FFFF too.
    private static char Raise(char c) => c < '\uD800' ? c : c < '\uE000' ? (char)(c + 0x2000) : (char)(c - 0x800);

    private static char Lower(char c) => c < '\uD800' ? c : c < '\uF800' ? (char)(c + 0x800) : (char)(c - 0x2000);
}
