namespace Aggregator.Core.Parsing;

/// <summary>What the parser bears of a stranger's document. Past a limit it stops with a named reason or cuts, and says so.</summary>
public static class ParserLimits
{
    /// <summary>The largest document, in bytes after decompression.</summary>
    public const int MaxDocumentBytes = 64 * 1024 * 1024;

    /// <summary>The most entries of one document; later ones are left out and a repair says so.</summary>
    public const int MaxEntries = 200_000;

    /// <summary>The deepest element that is looked at; what lies deeper is left out.</summary>
    public const int MaxDepth = 256;

    /// <summary>The most characters that a document's own entities may expand to, in all.</summary>
    public const int MaxEntityExpansion = 256 * 1024;

    /// <summary>The longest value of one of a document's own entities; longer ones are unknown.</summary>
    public const int MaxEntityLength = 128 * 1024;

    /// <summary>How deep a document's own entities may name each other.</summary>
    public const int MaxEntityDepth = 8;

    /// <summary>The most entities that a document may declare; later declarations are ignored.</summary>
    public const int MaxEntityDeclarations = 1_000;

    /// <summary>The most attributes of one element that repairing keeps.</summary>
    public const int MaxAttributes = 256;

    /// <summary>The longest markup inside a quoted attribute that repairing recognises, in characters.</summary>
    public const int MaxMarkupInAttribute = 16 * 1024;

    /// <summary>The deepest nesting of JSON values.</summary>
    public const int MaxJsonDepth = 128;

    /// <summary>The most broken items of a JSON document that are passed over; at the next one reading ends.</summary>
    public const int MaxBrokenItems = 1_000;

    /// <summary>The most authors, enclosures or categories of one entry or feed; later ones are left out.</summary>
    public const int MaxListLength = 1_000;

    /// <summary>How many bytes from the start are searched for a declaration of the encoding.</summary>
    public const int DeclarationWindow = 1_024;

    /// <summary>The longest base of relative addresses (<c>xml:base</c>), in characters; a longer one is ignored.</summary>
    public const int MaxBaseLength = 2_048;

    /// <summary>By how many characters making a document's relative addresses absolute may lengthen them in all; later ones stay relative.</summary>
    public const int MaxAddressGrowth = 4 * 1024 * 1024;

    /// <summary>Where collecting the pieces of a name or an address ends, in characters.</summary>
    public const int MaxLineLength = 4_096;

    /// <summary>The longest date in characters; anything longer is no date.</summary>
    public const int MaxDateLength = 200;

    /// <summary>How many bytes are looked at to see whether they fit an encoding.</summary>
    public const int GuessWindow = 8 * 1024;

    /// <summary>How many bytes of words that are not ASCII are looked at to guess an encoding that nothing declares.</summary>
    public const int GuessedWords = 2 * 1024;

    /// <summary>The most outlines of one OPML document.</summary>
    public const int MaxOutlines = 200_000;

    /// <summary>The deepest nesting of outlines.</summary>
    public const int MaxOutlineDepth = 64;
}
