using System.Text;

namespace Aggregator.Core.Fetching;

/// <summary>
/// One <c>allow</c> or <c>disallow</c> (RFC 9309 §2.2.2 and §2.2.3): a prefix of the path in which <c>*</c> stands for anything
/// and <c>$</c> for the end. Compared octet by octet after both sides were percent-encoded the same way.
/// </summary>
internal sealed class RobotsRule
{
    private readonly string[] _parts;
    private readonly bool _endsThere;

    private RobotsRule(string[] parts, bool endsThere, bool isAllow, int length)
    {
        _parts = parts;
        _endsThere = endsThere;
        IsAllow = isAllow;
        Length = length;
    }

    internal bool IsAllow { get; }

    /// <summary>In octets: the longest rule is the most specific one.</summary>
    internal int Length { get; }

    /// <summary>The rule, or null when its value is empty or no path.</summary>
    internal static RobotsRule? Create(ReadOnlySpan<byte> value, bool isAllow)
    {
        if (value.Length == 0) return null;
        // A whole address is no path; "private/" without its slash is meant as one.
        if (value.StartsWith("http://"u8) || value.StartsWith("https://"u8)) return null;
        var endsThere = value[^1] == (byte)'$';
        if (endsThere) value = value[..^1];
        var pattern = Normalize(value, isPattern: true);
        if (pattern.Length == 0 || pattern[0] is not ('/' or '*')) pattern = "/" + pattern;
        while (pattern.Contains("**", StringComparison.Ordinal)) pattern = pattern.Replace("**", "*", StringComparison.Ordinal);
        return new RobotsRule(pattern.Split('*'), endsThere, isAllow, pattern.Length + (endsThere ? 1 : 0));
    }

    /// <summary>The path and query of an address in the form that rules are compared with.</summary>
    internal static string Path(Uri url)
    {
        var path = Normalize(Encoding.UTF8.GetBytes(url.PathAndQuery), isPattern: false);
        return path.Length == 0 ? "/" : path;
    }

    /// <summary>Each part is looked for after the one before it, so that no pattern takes more than one way through the path.</summary>
    internal bool Matches(string path)
    {
        if (!path.StartsWith(_parts[0], StringComparison.Ordinal)) return false;
        var at = _parts[0].Length;
        if (_parts.Length == 1) return !_endsThere || at == path.Length;
        for (var i = 1; i < _parts.Length; i++)
        {
            var part = _parts[i];
            if (_endsThere && i == _parts.Length - 1) return path.Length - at >= part.Length && path.EndsWith(part, StringComparison.Ordinal);
            var found = path.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0) return false;
            at = found + part.Length;
        }

        return true;
    }

    /// <summary>
    /// RFC 9309 §2.2.2: octets beyond ASCII are percent-encoded, encoded ones that need not be are decoded. A verbatim
    /// <c>*</c> or <c>$</c> of an address is encoded, as §2.2.3 has rules write them. In a query <c>%3A</c> and <c>%2F</c> are
    /// what they stand for, as the table of §2.2.2 equates them.
    /// </summary>
    private static string Normalize(ReadOnlySpan<byte> value, bool isPattern)
    {
        var normalized = new StringBuilder(value.Length);
        var inQuery = false;
        for (var i = 0; i < value.Length; i++)
        {
            var octet = value[i];
            if (octet == (byte)'%' && i + 2 < value.Length && char.IsAsciiHexDigit((char)value[i + 1]) && char.IsAsciiHexDigit((char)value[i + 2]))
            {
                var decoded = (byte)(HexValue(value[i + 1]) << 4 | HexValue(value[i + 2]));
                i += 2;
                if (IsUnreserved(decoded) || (inQuery && decoded is (byte)':' or (byte)'/')) normalized.Append((char)decoded);
                else Encode(normalized, decoded);
                continue;
            }

            if (octet == (byte)'?') inQuery = true;
            if (octet is <= 0x20 or >= 0x7F || octet == (byte)'$' || (octet == (byte)'*' && !isPattern)) Encode(normalized, octet);
            else normalized.Append((char)octet);
        }

        return normalized.ToString();
    }

    private static bool IsUnreserved(byte octet) => char.IsAsciiLetterOrDigit((char)octet) || octet is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~';

    private static void Encode(StringBuilder text, byte octet) => text.Append('%').Append("0123456789ABCDEF"[octet >> 4]).Append("0123456789ABCDEF"[octet & 15]);

    private static int HexValue(byte digit) => digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
