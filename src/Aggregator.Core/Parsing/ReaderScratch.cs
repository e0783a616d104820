using System.Buffers;
using System.Xml;

namespace Aggregator.Core.Parsing;

/// <summary>
/// What reading documents needs besides them, kept by each thread from one document to the next: feeds are small, and making
/// these anew would be a good part of reading one. It holds names only, nothing of a document's text that is ever read again.
/// </summary>
internal sealed class ReaderScratch
{
    /// <summary>A power of two; documents use a few dozen names.</summary>
    private const int KnownNames = 256;

    /// <summary>A document that leaves more names behind was made to, or is a rarity: the next one begins afresh.</summary>
    private const int MaxNames = 4_096;

    private const int MaxCharacters = 128 * 1024;

    [ThreadStatic]
    private static ReaderScratch? _spare;

    private readonly NameCache _names = new();
    private readonly char[] _ownBuffer = new char[16 * 1024];
    private readonly (string? Name, string Namespace, string Prefix, string Folded, XmlModule Module)[] _known = new (string?, string, string, string, XmlModule)[KnownNames];

    private ReaderScratch()
    {
        Buffer = _ownBuffer;
        Settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Ignore,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            MaxCharactersFromEntities = ParserLimits.MaxEntityExpansion,
            NameTable = _names,
        };
    }

    /// <summary>How documents are read: no DTD, no resolver, nothing fetched ever.</summary>
    internal XmlReaderSettings Settings { get; }

    /// <summary>For values on their way from the reader; see <see cref="Grow"/>.</summary>
    internal char[] Buffer { get; private set; }

    /// <summary>This thread's spare one, or a new one.</summary>
    internal static ReaderScratch Rent()
    {
        var scratch = _spare ?? new ReaderScratch();
        _spare = null;
        return scratch;
    }

    /// <summary>Keeps it for the thread's next document unless this one made it too large.</summary>
    internal void Return()
    {
        if (!ReferenceEquals(Buffer, _ownBuffer)) ArrayPool<char>.Shared.Return(Buffer);
        Buffer = _ownBuffer;
        if (_names.Count <= MaxNames && _names.Characters <= MaxCharacters) _spare = this;
    }

    /// <summary>Makes the buffer twice as long, with what is in it.</summary>
    internal void Grow()
    {
        var larger = ArrayPool<char>.Shared.Rent(Buffer.Length * 2);
        Buffer.CopyTo(larger.AsSpan());
        if (!ReferenceEquals(Buffer, _ownBuffer)) ArrayPool<char>.Shared.Return(Buffer);
        Buffer = larger;
    }

    /// <summary>
    /// The current element's local name in lower case, since dialects differ in case and publishers more so, and its vocabulary.
    /// The reader's names are atomised, so that the same name is the same object.
    /// </summary>
    internal string Name(XmlReader xml, out XmlModule module)
    {
        string name = xml.LocalName, uri = xml.NamespaceURI, prefix = xml.Prefix;
        // Names are never empty.
        ref var slot = ref _known[(name[0] * 31 + name[^1] * 7 + name.Length * 3 + uri.Length) & (KnownNames - 1)];
        if (!ReferenceEquals(slot.Name, name) || !ReferenceEquals(slot.Namespace, uri) || !ReferenceEquals(slot.Prefix, prefix))
            slot = (name, uri, prefix, name.ToLowerInvariant(), XmlModules.Find(uri, prefix));
        module = slot.Module;
        return slot.Folded;
    }
}
