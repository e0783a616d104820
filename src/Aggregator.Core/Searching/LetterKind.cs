namespace Aggregator.Core.Searching;

/// <summary>What a character is to a search.</summary>
internal enum LetterKind
{
    /// <summary>It stands between words.</summary>
    None,

    /// <summary>Part of a word in a script that sets spaces between words.</summary>
    Word,

    /// <summary>Part of a run in a script that sets none, or glues endings to its words: Han, kana, Hangul, Bopomofo, Thai, Lao, Khmer, Burmese.</summary>
    Run,
}
