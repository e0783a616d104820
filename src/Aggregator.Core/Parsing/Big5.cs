using System.Globalization;
using System.Text;

namespace Aggregator.Core.Parsing;

/// <summary>
/// Big5 as the web means it (WHATWG Encoding Standard §12.1): with the Hong Kong supplement, in which everyday Cantonese is
/// written (嘅, 喺, 咗), and with kana and radicals (广). Code page 950 puts those characters into the private area, where no font has them.
/// </summary>
internal static class Big5
{
    private static readonly Encoding CodePage = CodePagesEncodingProvider.Instance.GetEncoding(950)!;

    private static readonly Lazy<Dictionary<ushort, string>> Supplement = new(Load);

    /// <summary>Reads the bytes; those that are none become U+FFFD, and an ASCII byte after a broken lead stays.</summary>
    internal static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length / 2 + 16);
        var supplement = Supplement.Value;
        var start = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] < 0x81 || i + 1 >= bytes.Length) continue;
            if (supplement.TryGetValue((ushort)(bytes[i] << 8 | bytes[i + 1]), out var character))
            {
                text.Append(CodePage.GetString(bytes[start..i])).Append(character);
                start = i + 2;
            }

            i++;
        }

        return text.Append(CodePage.GetString(bytes[start..])).ToString();
    }

    private static Dictionary<ushort, string> Load()
    {
        using var stream = typeof(Big5).Assembly.GetManifestResourceStream("Aggregator.Core.Parsing.Big5Hkscs.txt")
            ?? throw new InvalidOperationException("The table of Hong Kong characters is missing from the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // The four codes that are two characters each.
        var characters = new Dictionary<ushort, string> { [0x8862] = "\u00CA\u0304", [0x8864] = "\u00CA\u030C", [0x88A3] = "\u00EA\u0304", [0x88A5] = "\u00EA\u030C" };
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var lead = byte.Parse(line.AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            var trail = byte.Parse(line.AsSpan(2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            foreach (var rune in line.AsSpan(5).EnumerateRunes())
            {
                characters[(ushort)(lead << 8 | trail)] = rune.ToString();
                if (trail == 0x7E) trail = 0xA1;
                else if (trail == 0xFE) (lead, trail) = ((byte)(lead + 1), 0x40);
                else trail++;
            }
        }

        return characters;
    }
}
