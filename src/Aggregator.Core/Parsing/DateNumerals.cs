using System.Buffers;
using System.Globalization;
using System.Text;

namespace Aggregator.Core.Parsing;

/// <summary>Numbers of dates in Chinese characters: <c>二〇二六年九月二十五日</c>.</summary>
internal static class DateNumerals
{
    private const string Digits = "〇一二三四五六七八九";

    /// <summary>The characters that such numbers are written with.</summary>
    internal static SearchValues<char> Characters { get; } = SearchValues.Create(Digits + "零○十廿");

    /// <summary>The text with such numbers in digits; null when there is none.</summary>
    internal static string? Convert(ReadOnlySpan<char> text)
    {
        var converted = new StringBuilder(text.Length + 8);
        var found = false;
        for (var i = 0; i < text.Length;)
        {
            var length = 0;
            while (i + length < text.Length && Characters.Contains(text[i + length])) length++;
            // "星期三", "周五" and "礼拜天" are no numbers.
            if (length == 0 || (i > 0 && text[i - 1] is '期' or '周' or '週' or '拜'))
            {
                converted.Append(text[i++]);
                continue;
            }

            found = true;
            converted.Append(Number(text.Slice(i, length)));
            i += length;
        }

        return found ? converted.ToString() : null;
    }

    private static string Number(ReadOnlySpan<char> numeral)
    {
        if (numeral.IndexOfAny('十', '廿') < 0)
        {
            // Digit by digit, as years are written.
            var digits = new StringBuilder(numeral.Length);
            foreach (var c in numeral) digits.Append((char)('0' + Digit(c)));
            return digits.ToString();
        }

        int value = 0, pending = 0;
        foreach (var c in numeral)
        {
            if (c == '廿') value += 20;
            else if (c == '十')
            {
                value += Math.Max(pending, 1) * 10;
                pending = 0;
            }
            else pending = Digit(c);
        }

        return (value + pending).ToString(CultureInfo.InvariantCulture);
    }

    private static int Digit(char c) => c is '零' or '○' ? 0 : Digits.IndexOf(c, StringComparison.Ordinal);
}
