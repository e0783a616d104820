using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Model;

namespace Aggregator.Storage.Migrations;

/// <summary>
/// What made a version of an entry in the stores of 0001, kept as it was to read them: SHA-256 over title, content (or summary, when there is none), authors, publication date
/// and enclosures. White space is collapsed, so that a publisher's reformatting is no new version.
/// </summary>
internal static class FirstContentHash
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
        while (rest.Length > 0)
        {
            // Most text is ASCII words with single spaces.
            var count = 0;
            var limit = Math.Min(rest.Length, buffer.Length - used - 8);
            while (count < limit && rest[count] is > ' ' and < '\u007F' or ' ' && !(rest[count] == ' ' && space))
            {
                space = rest[count] == ' ';
                buffer[used++] = (byte)rest[count++];
            }

            rest = rest[count..];
            if (used > buffer.Length - 16)
            {
                hash.AppendData(buffer, 0, used);
                used = 0;
                continue;
            }

            if (rest.Length == 0) break;
            // Half a surrogate pair comes out as U+FFFD, which is as good as anything.
            _ = Rune.DecodeFromUtf16(rest, out var rune, out var consumed);
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

            if (used <= buffer.Length - 16) continue;
            hash.AppendData(buffer, 0, used);
            used = 0;
        }

        // 0 never stands in a text: it parts the fields.
        buffer[used++] = 0;
        hash.AppendData(buffer, 0, used);
    }
}
