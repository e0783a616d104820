using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Normalizing;

namespace Aggregator.Core.Model;

/// <summary>The rules of a category's name in addresses.</summary>
public static class CategorySlug
{
    /// <summary>The longest slug, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether <paramref name="slug"/> may stand in an address: 1–64 of a–z, 0–9 and hyphens, beginning and ending with none.</summary>
    public static bool IsValid(string? slug) =>
        slug is { Length: > 0 and <= MaxLength }
        && slug[0] != '-' && slug[^1] != '-'
        && slug.All(static c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-');

    /// <summary>
    /// A valid slug made from a title: its ASCII letters and digits; for a title without any (国内), <c>c-</c> and eight
    /// hexadecimal digits of its hash, so that the same title always gives the same slug.
    /// </summary>
    public static string FromTitle(string title)
    {
        ArgumentNullException.ThrowIfNull(title);
        var slug = new StringBuilder();
        foreach (var c in PlainText.WithoutInvalid(title).Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.NonSpacingMark) continue;
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(char.ToLowerInvariant(c));
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length == MaxLength) break;
        }

        var text = slug.ToString().Trim('-');
        return text.Length > 0
            ? text
            : "c-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(title)).AsSpan(0, 4));
    }
}
