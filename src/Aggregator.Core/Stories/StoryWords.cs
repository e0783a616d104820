using System.Globalization;
using System.Text;
using Aggregator.Core.Searching;

namespace Aggregator.Core.Stories;

/// <summary>Reads text as a sequence of words: folded as searches fold it, without punctuation, a number as one word however it is grouped.</summary>
/// <param name="expectedLength">How long what is added will be together, in UTF-16 code units.</param>
internal sealed class StoryWords(int expectedLength)
{
    /// <summary>How many words of a text are compared.</summary>
    public const int MaxWords = 12_000;

    /// <summary>A quotation that does not end within so many words never began.</summary>
    private const int MaxQuoted = 150;

    private const ulong Prime = 0x100000001B3;
    private const ulong Offset = 0xCBF29CE484222325;

    private static readonly HashSet<string> Months = new(StringComparer.Ordinal)
    {
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    };

    // Words that stand at the beginning of a sentence more often than in a name.
    private static readonly HashSet<string> Openers = new(StringComparer.Ordinal)
    {
        "the", "a", "an", "in", "on", "it", "its", "he", "she", "they", "we", "i", "you", "but", "and", "for", "at", "with", "as", "this", "that",
        "these", "those", "there", "here", "his", "her", "their", "our", "my", "your", "after", "before", "when", "while", "by", "from", "to", "of",
        "or", "if", "so", "yet", "not", "no", "what", "who", "how", "why", "where", "all", "some", "many", "most", "more", "one", "also", "about",
        "then", "now", "once", "since", "until", "under", "over", "both", "each", "every", "another", "other", "such", "even", "just", "only",
        "however", "although", "though", "because", "according", "meanwhile", "still", "is", "are", "was", "were", "be", "do", "does", "did",
        "has", "have", "had", "will", "would", "can", "could", "may", "mr", "mrs", "ms", "dr",
    };

    private readonly List<StoryWord> _words = new(Math.Min(expectedLength, MaxWords));
    private int _quoteFrom = -1;
    private char _quoteEnd;

    /// <summary>The words so far.</summary>
    public IReadOnlyList<StoryWord> Words => _words;

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        for (var i = 0; i < line.Length && _words.Count < MaxWords;)
        {
            var c = Narrow(line[i]);
            if (c is >= '0' and <= '9') i = AddNumber(line, i);
            else if (c < 0x80) i = char.IsAsciiLetter(c) ? AddWord(line, i) : Mark(line, i, c);
            else if (c is >= '\u4E00' and <= '\u9FFF')
            {
                AddCharacter(SimplifiedCharacters.Of(c));
                i++;
            }
            else i = AddOther(line, i, c);
        }

        // A straight quotation mark closes at the end of its paragraph at the latest.
        if (_quoteEnd == '"') EndQuote(isClosed: false);
    }

    /// <summary>The words as they are compared; nothing can be added after it.</summary>
    public StoryWord[] ToArray()
    {
        var words = _words.ToArray();
        for (var i = 0; i < words.Length; i++)
        {
            if (!words[i].Is(StoryWordKind.Number) || words[i].Is(StoryWordKind.Date)) continue;
            var isDate = (i + 1 < words.Length && (IsUnitOfDates(words[i + 1].Hash) || words[i + 1].Is(StoryWordKind.Date | StoryWordKind.Name)))
                || (i > 0 && (words[i - 1].Is(StoryWordKind.Date | StoryWordKind.Name) || IsWeek(words[i - 1].Hash)));
            if (isDate) words[i] = words[i] with { Kind = words[i].Kind | StoryWordKind.Date };
        }

        return words;
    }

    internal static ulong HashOf(ReadOnlySpan<char> word)
    {
        var hash = Offset;
        foreach (var c in word) hash = (hash ^ c) * Prime;
        return Mix(hash);
    }

    internal static ulong Mix(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xFF51AFD7ED558CCD;
        hash ^= hash >> 33;
        hash *= 0xC4CEB9FE1A85EC53;
        return hash ^ (hash >> 33);
    }

    private static readonly HashSet<ulong> DateUnits = [HashOf("年"), HashOf("月"), HashOf("日"), HashOf("号"), HashOf("时"), HashOf("点")];

    private static readonly HashSet<ulong> WeekWords = [HashOf("周"), HashOf("期"), HashOf("曜")];

    private static bool IsUnitOfDates(ulong hash) => DateUnits.Contains(hash);

    private static bool IsWeek(ulong hash) => WeekWords.Contains(hash);

    private static char Narrow(char c) => c is >= '！' and <= '～' ? (char)(c - 0xFEE0) : c == '\u3000' ? ' ' : c;

    private int AddNumber(string line, int start)
    {
        Span<char> digits = stackalloc char[32];
        var length = 0;
        var i = start;
        for (; i < line.Length; i++)
        {
            var c = Narrow(line[i]);
            if (c is >= '0' and <= '9')
            {
                if (length < digits.Length) digits[length++] = c;
            }
            else if (c is ',' or '.' && i + 1 < line.Length && Narrow(line[i + 1]) is >= '0' and <= '9')
            {
                // 1,200 is 1200; 3.5 is not 35.
                if (c == ',' && Digits(line, i + 1) == 3) continue;
                if (c == ',') break;
                if (length < digits.Length) digits[length++] = '.';
            }
            else
            {
                break;
            }
        }

        var kind = StoryWordKind.Number;
        if (length == 4 && digits[0] is '1' or '2' && digits[1] is '9' or '0' && !digits[..4].Contains('.')) kind |= StoryWordKind.Date;
        Push(HashOf(digits[..length]), kind);
        return i;
    }

    private static int Digits(string line, int at)
    {
        var count = 0;
        while (at < line.Length && Narrow(line[at]) is >= '0' and <= '9' && count < 8)
        {
            count++;
            at++;
        }

        return count;
    }

    private int AddWord(string line, int start)
    {
        Span<char> letters = stackalloc char[48];
        var length = 0;
        var i = start;
        var hasDigit = false;
        for (; i < line.Length; i++)
        {
            var c = Narrow(line[i]);
            if (c is '\'' or '’' && i + 1 < line.Length && char.IsLetter(Narrow(line[i + 1]))) continue; // don't = don’t
            if (c < 0x80 ? !char.IsAsciiLetterOrDigit(c) : c is >= '\u2E80' and <= '\u9FFF' || !char.IsLetter(c)) break;
            hasDigit |= char.IsAsciiDigit(c);
            if (length < letters.Length) letters[length++] = char.ToLowerInvariant(c);
        }

        var word = letters[..length];
        var isCapital = char.IsUpper(Narrow(line[start]));
        var kind = hasDigit ? StoryWordKind.Name : StoryWordKind.None;
        if (isCapital && length > 1)
        {
            var lookup = Openers.GetAlternateLookup<ReadOnlySpan<char>>();
            if (Months.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word)) kind = StoryWordKind.Name | StoryWordKind.Date;
            else if (!lookup.Contains(word)) kind = StoryWordKind.Name;
        }

        Push(HashOf(word), kind);
        return i;
    }

    private void AddCharacter(char c)
    {
        var kind = StoryWordKind.Character;
        if ("〇零一二两三四五六七八九十百千万亿".Contains(c, StringComparison.Ordinal)) kind |= StoryWordKind.Number;
        Push(HashOf([c]), kind);
    }

    private int AddOther(string line, int i, char c)
    {
        if (c is '“' or '「' or '『' or '”' or '」' or '』' or '«' or '»' or '„') return Mark(line, i, c);
        if (!Rune.TryGetRuneAt(line, i, out var rune)) return i + 1;
        var kind = LetterKinds.Of(rune);
        if (kind == LetterKind.None) return i + rune.Utf16SequenceLength;
        if (kind == LetterKind.Word && rune.IsBmp) return c is >= '\uAC00' and <= '\uD7A3' || char.IsLetter(c) ? AddWordOf(line, i) : i + 1;
        if (c is >= '\uAC00' and <= '\uD7A3') return AddWordOf(line, i); // Korean sets spaces.

        // Half-width kana with their marks become the letters that they stand for.
        var end = i + rune.Utf16SequenceLength;
        while (end < line.Length && line[end] is '\uFF9E' or '\uFF9F' or '\u3099' or '\u309A') end++;
        var folded = end - i == 1 && c is >= '\u3040' and <= '\u30FF' ? line[i..end] : line[i..end].Normalize(NormalizationForm.FormKC);
        foreach (var letter in folded) Push(HashOf([SimplifiedCharacters.Of(letter)]), StoryWordKind.Character);
        return end;
    }

    private int AddWordOf(string line, int start)
    {
        var i = start;
        while (i < line.Length && (char.IsLetterOrDigit(line[i]) || CharUnicodeInfo.GetUnicodeCategory(line[i]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark)
            && line[i] is not (>= '\u2E80' and <= '\u9FFF'))
            i++;
        if (i == start) return start + 1;
        var word = line[start..i].Normalize(NormalizationForm.FormKC).ToLowerInvariant();
        Push(HashOf(word), char.IsUpper(line[start]) && !Openers.Contains(word) ? StoryWordKind.Name : StoryWordKind.None);
        return i;
    }

    private int Mark(string line, int i, char c)
    {
        switch (c)
        {
            case '"':
                if (_quoteEnd == '"') EndQuote(isClosed: true);
                else if (_quoteEnd == '\0') BeginQuote('"');
                break;
            case '“' or '„': BeginQuote('”'); break;
            case '「': BeginQuote('」'); break;
            case '『' when _quoteEnd == '\0': BeginQuote('』'); break;
            case '«': BeginQuote('»'); break;
            case '”' or '」' or '』' or '»':
                if (_quoteEnd == c) EndQuote(isClosed: true);
                break;
        }

        return i + 1;
    }

    private void BeginQuote(char end) => (_quoteFrom, _quoteEnd) = (_words.Count, end);

    private void EndQuote(bool isClosed)
    {
        if (isClosed && _quoteFrom >= 0 && _words.Count - _quoteFrom <= MaxQuoted)
            for (var i = _quoteFrom; i < _words.Count; i++)
                _words[i] = _words[i] with { Kind = _words[i].Kind | StoryWordKind.Quoted };
        (_quoteFrom, _quoteEnd) = (-1, '\0');
    }

    private void Push(ulong hash, StoryWordKind kind)
    {
        if (_words.Count < MaxWords) _words.Add(new StoryWord(hash, kind));
    }
}
