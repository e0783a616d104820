using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// What decides whether a capture is another version: five hashes, of the title, the body, the authors, the publication date
/// and the files, each over what <see cref="VersionText"/> leaves of it, so that noise makes no version and that two
/// hashes say by themselves in what two versions differ.
/// </summary>
/// <remarks>
/// The first byte names the rules. Whoever changes them gives it another number and a migration that makes the stored hashes
/// anew, or every entry of every source would get a version of nothing at its next refresh.
/// </remarks>
public static class VersionHash
{
    /// <summary>The length of a hash, in bytes.</summary>
    public const int Length = 1 + Parts * PartLength;

    private const byte Rules = 2;
    private const int Parts = 5;
    private const int PartLength = 16;

    /// <summary>The hash of these.</summary>
    /// <param name="title">The title as plain text.</param>
    /// <param name="content">The body as sanitised HTML, or null.</param>
    /// <param name="summary">What stands for the body when there is none.</param>
    /// <param name="authors">The authors; only their names count.</param>
    /// <param name="publishedAt">The publication date; a mere "updated" is none.</param>
    /// <param name="enclosures">The files; only their addresses count.</param>
    public static byte[] Of(
        string title, string? content, string? summary, IReadOnlyList<Person> authors, DateTimeOffset? publishedAt, IReadOnlyList<Enclosure> enclosures)
    {
        ArgumentNullException.ThrowIfNull(title);
        ArgumentNullException.ThrowIfNull(authors);
        ArgumentNullException.ThrowIfNull(enclosures);
        var hash = new byte[Length];
        hash[0] = Rules;
        var text = CharBuffer.Rent();
        VersionText.AppendLine(text, title);
        Put(hash, 0, text);
        if (content is null) VersionText.AppendLine(text, summary ?? "");
        else VersionText.AppendBody(text, content);
        Put(hash, 1, text);
        for (var i = 0; i < authors.Count; i++)
        {
            if (i > 0) text.Append('\n');
            VersionText.AppendLine(text, authors[i].Name);
        }

        Put(hash, 2, text);
        if (publishedAt is { } at) text.Append(at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        Put(hash, 3, text);
        for (var i = 0; i < enclosures.Count; i++)
        {
            if (i > 0) text.Append('\n');
            VersionText.AppendAddress(text, enclosures[i].Url);
        }

        Put(hash, 4, text);
        text.Return();
        return hash;
    }

    /// <summary>The hash of a document.</summary>
    public static byte[] Of(SnapshotDocument document)
    {
        ArgumentNullException.ThrowIfNull(document);
        return Of(document.Title, document.Content, document.Summary, document.Authors, document.PublishedAt, document.Enclosures);
    }

    /// <summary>In what two versions differ; <see cref="SnapshotChanges.All"/> when they differ and one of them was hashed by other rules.</summary>
    public static SnapshotChanges Compare(ReadOnlySpan<byte> before, ReadOnlySpan<byte> after)
    {
        if (before.SequenceEqual(after)) return SnapshotChanges.None;
        if (before.Length != Length || after.Length != Length || before[0] != after[0]) return SnapshotChanges.All;
        var changes = SnapshotChanges.None;
        for (var part = 0; part < Parts; part++)
            if (!Part(before, part).SequenceEqual(Part(after, part)))
                changes |= (SnapshotChanges)(1 << part);
        return changes;
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> hash, int part) => hash.Slice(1 + part * PartLength, PartLength);

    private static void Put(byte[] hash, int part, CharBuffer text)
    {
        Span<byte> whole = stackalloc byte[SHA256.HashSizeInBytes];
        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(text.Text.Length));
        SHA256.HashData(bytes.AsSpan(0, Encoding.UTF8.GetBytes(text.Text, bytes)), whole);
        ArrayPool<byte>.Shared.Return(bytes);
        text.Clear();
        whole[..PartLength].CopyTo(hash.AsSpan(1 + part * PartLength));
    }
}
