namespace Aggregator.Core.Stories;

/// <summary>What a word is to somebody who asks whether two texts tell the same facts.</summary>
[Flags]
internal enum StoryWordKind : byte
{
    /// <summary>A word like others.</summary>
    None = 0,

    /// <summary>One character of a script that sets no spaces.</summary>
    Character = 1,

    /// <summary>A number, in digits or in Chinese numerals.</summary>
    Number = 2,

    /// <summary>Written with a capital letter, and no word that only begins a sentence.</summary>
    Name = 4,

    /// <summary>Part of a date: a month, a day of the week, a year, a day.</summary>
    Date = 8,

    /// <summary>Inside of quotation marks.</summary>
    Quoted = 16,
}
