using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;

namespace Aggregator.Core.Normalizing;

/// <summary>
/// What makes a version of an entry: SHA-256 over title, content (or summary, when there is none), authors, publication date
/// and enclosures. White space is collapsed, so that a publisher's reformatting is no new version.
/// </summary>
internal static class ContentHasher
{
    internal static byte[] Hash(
        string title, string? content, string? summary, IReadOnlyList<Person> authors, DateTimeOffset? publishedAt, IReadOnlyList<Enclosure> enclosures)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1024];
        Append(hash, buffer, title);
        Append(hash, buffer, content ?? summary);
        foreach (var author in authors) Append(hash, buffer, author.Name);
        Append(hash, buffer, publishedAt?.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        foreach (var enclosure in enclosures) Append(hash, buffer, enclosure.Url);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, byte[] buffer, string? text)
    {
        var used = 0;
        var space = true;
        var rest = text.AsSpan();
        while (Rune.DecodeFromUtf16(rest, out var rune, out var consumed) is var status && consumed > 0)
        {
            _ = status;
            rest = rest[consumed..];
            if (Rune.IsWhiteSpace(rune))
            {
                if (!space) buffer[used++] = (byte)' ';
                space = true;
            }
            else
            {
                used += rune.EncodeToUtf8(buffer.AsSpan(used));
                space = false;
            }

            if (used <= buffer.Length - 8) continue;
            hash.AppendData(buffer, 0, used);
            used = 0;
        }

        // 0 never stands in a text: it parts the fields.
        buffer[used++] = 0;
        hash.AppendData(buffer, 0, used);
    }
}
