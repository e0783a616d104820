using System.Xml;

namespace Aggregator.Core.Parsing;

/// <summary>
/// The names of elements, attributes and namespaces that documents use. It outlives a document, since feeds use the same few
/// dozen names: a reader finds them here and makes none anew. <see cref="Count"/> and <see cref="Characters"/> tell when a
/// document has stuffed it.
/// </summary>
internal sealed class NameCache : XmlNameTable
{
    private (int Hash, int Next, string Name)[] _entries = new (int, int, string)[256];
    private int[] _buckets = new int[256];

    /// <summary>How many names it holds.</summary>
    internal int Count { get; private set; }

    /// <summary>How many characters they have in all.</summary>
    internal long Characters { get; private set; }

    /// <inheritdoc/>
    public override string Add(string array)
    {
        ArgumentNullException.ThrowIfNull(array);
        if (array.Length == 0) return string.Empty;
        var hash = Hash(array);
        return Find(array, hash) ?? Insert(array, hash);
    }

    /// <inheritdoc/>
    public override string Add(char[] array, int offset, int length)
    {
        if (length == 0) return string.Empty;
        var name = array.AsSpan(offset, length);
        var hash = Hash(name);
        return Find(name, hash) ?? Insert(name.ToString(), hash);
    }

    /// <inheritdoc/>
    public override string? Get(string array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return array.Length == 0 ? string.Empty : Find(array, Hash(array));
    }

    /// <inheritdoc/>
    public override string? Get(char[] array, int offset, int length) =>
        length == 0 ? string.Empty : Find(array.AsSpan(offset, length), Hash(array.AsSpan(offset, length)));

    // With the process's secret: names come from strangers.
    private static int Hash(ReadOnlySpan<char> name) => string.GetHashCode(name, StringComparison.Ordinal);

    private string? Find(ReadOnlySpan<char> name, int hash)
    {
        var entries = _entries;
        for (var i = _buckets[hash & (_buckets.Length - 1)] - 1; (uint)i < (uint)entries.Length; i = entries[i].Next - 1)
        {
            ref readonly var entry = ref entries[i];
            if (entry.Hash == hash && name.SequenceEqual(entry.Name)) return entry.Name;
        }

        return null;
    }

    private string Insert(string name, int hash)
    {
        if (Count == _entries.Length)
        {
            Array.Resize(ref _entries, Count * 2);
            _buckets = new int[Count * 2];
            for (var i = 0; i < Count; i++)
            {
                ref var moved = ref _buckets[_entries[i].Hash & (_buckets.Length - 1)];
                _entries[i].Next = moved;
                moved = i + 1;
            }
        }

        ref var bucket = ref _buckets[hash & (_buckets.Length - 1)];
        _entries[Count] = (hash, bucket, name);
        bucket = ++Count;
        Characters += name.Length;
        return name;
    }
}
