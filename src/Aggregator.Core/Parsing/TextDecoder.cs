using System.Buffers;
using System.Collections.Frozen;
using System.Text;
using System.Text.Unicode;
using UtfUnknown;

namespace Aggregator.Core.Parsing;

/// <summary>
/// Finds the encoding of a document and decodes it. The order is: a source's override, byte order mark, HTTP charset, XML
/// declaration or <c>meta</c>, UTF-8, a guess from the bytes; but valid multi-byte UTF-8 beats every single-byte label,
/// because text of another encoding hardly ever is valid UTF-8 by chance. Labels mean what the WHATWG Encoding Standard
/// says: gb2312 is GB18030, iso-8859-1 is windows-1252.
/// </summary>
public static class TextDecoder
{
    // WHATWG Encoding Standard §4.2, as far as feeds use them; the name is ours, the code page .NET's.
    private static readonly FrozenDictionary<string, (string Name, int CodePage)> Labels = BuildLabels();

    // 0x80–0x9F; the five that are not assigned stay what they are, as the WHATWG index has it.
    private const string Windows1252Letters =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    private static readonly SearchValues<char> LabelEnds = SearchValues.Create("\"'; ,");

    private static readonly SearchValues<byte> DeclaredLabelEnds = SearchValues.Create(" \t\r\n\"'?>/;"u8);

    static TextDecoder() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    /// <summary>Decides how to read <paramref name="body"/> and reads it. Bytes that make no sense become U+FFFD; never throws on content.</summary>
    /// <param name="body">The bytes.</param>
    /// <param name="contentType">The <c>Content-Type</c> header, or null.</param>
    /// <param name="charsetOverride">A label that goes before everything, or null; one that is unknown is ignored.</param>
    public static DecodedText Decode(ReadOnlyMemory<byte> body, string? contentType = null, string? charsetOverride = null)
    {
        var bytes = body.Span;
        if (Find(charsetOverride) is { } forced) return Read(body, forced, null);

        if (bytes.StartsWith("\uFEFF"u8))
        {
            return Utf8.IsValid(bytes[3..])
                ? new DecodedText("utf-8", body[3..], null, null)
                : InvalidUtf8(body[3..]);
        }

        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0])) return new DecodedText("utf-32le", default, Encoding.UTF32.GetString(bytes[4..]), null);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0, 0, 0xFE, 0xFF])) return new DecodedText("utf-32be", default, new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetString(bytes[4..]), null);
        // A UTF-16 mark before text that has no zero bytes is a lie.
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) && LooksLikeUtf16(bytes[2..]) != 'n') return Read(body[2..], ("utf-16le", 1200), null);
        if (bytes.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) && LooksLikeUtf16(bytes[2..]) != 'n') return Read(body[2..], ("utf-16be", 1201), null);
        switch (LooksLikeUtf16(bytes))
        {
            case 'l': return Read(body, ("utf-16le", 1200), "UTF-16 without a byte order mark");
            case 'b': return Read(body, ("utf-16be", 1201), "UTF-16 without a byte order mark");
            case 'L': return new DecodedText("utf-32le", default, Encoding.UTF32.GetString(bytes), null);
            case 'B': return new DecodedText("utf-32be", default, new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetString(bytes), null);
        }

        var window = bytes[..Math.Min(bytes.Length, ParserLimits.DeclarationWindow)];
        var declared = Find(DeclaredLabel(window));
        // A document whose declaration can be read as ASCII is no UTF-16, whatever it says.
        if (declared is { CodePage: 1200 or 1201 or 12000 or 12001 }) declared = null;
        var http = Find(HttpCharset(contentType));
        if (http is { CodePage: 1200 or 1201 or 12000 or 12001 }) http = null;

        if (bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF) < 0)
        {
            // ISO-2022-JP and HZ hide in seven bits.
            var stateful = (http ?? declared) is { CodePage: 50220 or 52936 } label ? label
                : bytes.IndexOf("\e$B"u8) >= 0 || bytes.IndexOf("\e$@"u8) >= 0 ? ("iso-2022-jp", 50220) : ((string, int)?)null;
            return stateful is { } encoding ? Read(body, encoding, null) : new DecodedText("utf-8", body, null, null);
        }

        if (Utf8.IsValid(bytes))
        {
            var wrong = http is { CodePage: not 65001 } ? http : declared is { CodePage: not 65001 } ? declared : null;
            return new DecodedText("utf-8", body, null, wrong is { } label ? $"labelled {label.Name} but is UTF-8" : null);
        }

        // A few broken bytes in a UTF-8 document (a text cut in the middle of a character) are no other encoding.
        if (MostlyUtf8(bytes)) return InvalidUtf8(body);

        foreach (var candidate in (ReadOnlySpan<(string Name, int CodePage)?>)[http, declared])
        {
            if (candidate is not { CodePage: not 65001 } label) continue;
            // A single-byte label fits every text; a multi-byte one that does not fit is wrong.
            if (IsSingleByte(label.CodePage) && MayBeMultiByte(bytes) && Guess(bytes) is { } better && !IsSingleByte(better.CodePage))
                return Read(body, better, $"labelled {label.Name} but is {better.Name}");
            if (Fits(bytes, label.CodePage)) return Read(body, label, null);
        }

        var fallback = Guess(bytes) ?? declared ?? http;
        if (fallback is not { } guessed || guessed.CodePage == 65001) guessed = ("windows-1252", 1252);
        return Read(body, guessed, (http ?? declared) is { } said ? $"labelled {said.Name} but is {guessed.Name}" : $"no encoding declared, read as {guessed.Name}");
    }

    /// <summary>The WHATWG name and code page of a label, or null when it is unknown.</summary>
    internal static (string Name, int CodePage)? Find(string? label)
    {
        if (string.IsNullOrWhiteSpace(label)) return null;
        label = label.Trim().Trim('"', '\'').ToLowerInvariant();
        return Labels.TryGetValue(label, out var found) ? found
            : Labels.TryGetValue(label.Replace('_', '-').Replace(" ", "-", StringComparison.Ordinal), out found) ? found : null;
    }

    private static DecodedText Read(ReadOnlyMemory<byte> body, (string Name, int CodePage) encoding, string? repair)
    {
        if (encoding.CodePage == 65001)
        {
            if (body.Span.StartsWith("\uFEFF"u8)) body = body[3..];
            return Utf8.IsValid(body.Span) ? new DecodedText("utf-8", body, null, repair) : InvalidUtf8(body);
        }

        var text = encoding.CodePage switch
        {
            1252 => Windows1252(body.Span),
            950 => Big5.Decode(body.Span),
            _ => Encoding.GetEncoding(encoding.CodePage).GetString(body.Span),
        };
        return new DecodedText(encoding.Name, default, text, repair);
    }

    /// <summary>Latin-1 but for 32 characters, and Latin-1 is read at memory speed.</summary>
    private static string Windows1252(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOfAnyInRange((byte)0x80, (byte)0x9F) < 0) return Encoding.Latin1.GetString(bytes);
        return string.Create(bytes.Length, bytes, static (text, bytes) =>
        {
            Encoding.Latin1.GetChars(bytes, text);
            foreach (ref var c in text)
                if (c is >= '\u0080' and <= '\u009F')
                    c = Windows1252Letters[c - 0x80];
        });
    }

    /// <summary>Invalid bytes in UTF-8 are read as windows-1252 one by one: that is where they come from (pasted text), and no U+FFFD is left.</summary>
    private static DecodedText InvalidUtf8(ReadOnlyMemory<byte> body)
    {
        var bytes = body.Span;
        var text = new StringBuilder(bytes.Length);
        var windows = Encoding.GetEncoding(1252);
        Span<char> pair = stackalloc char[2];
        while (bytes.Length > 0)
        {
            var run = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (run != 0)
            {
                var ascii = run < 0 ? bytes : bytes[..run];
                text.Append(Encoding.ASCII.GetString(ascii));
                bytes = bytes[ascii.Length..];
                continue;
            }

            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
            }
            else if (consumed > 1 || consumed == bytes.Length)
            {
                // The beginning of a character that was cut off.
                text.Append('\uFFFD');
            }
            else
            {
                windows.GetChars(bytes[..1], pair);
                text.Append(pair[0]);
            }

            bytes = bytes[consumed..];
        }

        return new DecodedText("utf-8", default, text.ToString(), "invalid UTF-8 bytes");
    }

    private static bool MostlyUtf8(ReadOnlySpan<byte> bytes)
    {
        int good = 0, bad = 0;
        while (true)
        {
            var next = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (next < 0) break;
            bytes = bytes[next..];
            if (Rune.DecodeFromUtf8(bytes, out _, out var consumed) == OperationStatus.Done) good++;
            else bad++;
            // Nothing that follows will turn this.
            if (bad - good > 4_096) return false;
            bytes = bytes[consumed..];
        }

        // Chance makes at most one valid sequence out of five in GB18030, and hardly any in single-byte text.
        return good >= bad;
    }

    /// <summary><c>l</c>, <c>b</c> (UTF-16), <c>L</c>, <c>B</c> (UTF-32) by the zero bytes around ASCII, <c>n</c> for none.</summary>
    private static char LooksLikeUtf16(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 4) return 'n';
        var window = bytes[..Math.Min(bytes.Length & ~3, 4096)];
        if (window.IndexOf((byte)0) < 0) return 'n';
        int even = 0, odd = 0, third = 0, units = window.Length / 2;
        for (var i = 0; i < window.Length; i++)
        {
            if (window[i] != 0) continue;
            if ((i & 1) == 0) even++;
            else odd++;
            if ((i & 3) == 2) third++;
        }

        if (window[0] == 0 && window[1] == 0 && window[2] == 0 && window[3] != 0) return 'B';
        if (window[1] == 0 && window[2] == 0 && window[3] == 0 && third > units / 4) return 'L';
        // "<" and the markup around it give enough zeros even when the text is Chinese.
        if (odd > units / 8 && odd > 4 * even) return 'l';
        return even > units / 8 && even > 4 * odd ? 'b' : 'n';
    }

    private static string? HttpCharset(string? contentType)
    {
        if (contentType is null) return null;
        var at = contentType.IndexOf("charset", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return null;
        var rest = contentType.AsSpan(at + 7).TrimStart();
        if (rest.Length == 0 || rest[0] is not ('=' or ':')) return null;
        rest = rest[1..].Trim().TrimStart("\"'");
        var end = rest.IndexOfAny(LabelEnds);
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>The encoding that an XML declaration or an HTML <c>meta</c> names.</summary>
    private static string? DeclaredLabel(ReadOnlySpan<byte> window)
    {
        var xml = window.IndexOf("<?xml"u8);
        if (xml >= 0)
        {
            var declaration = window[xml..];
            var end = declaration.IndexOf("?>"u8);
            if (end < 0) end = declaration.IndexOf((byte)'>');
            if (end > 0) declaration = declaration[..end];
            if (After(declaration, "encoding"u8) is { } label) return label;
        }

        var text = window.IndexOf("charset"u8);
        return text >= 0 && window.IndexOf("<meta"u8) is >= 0 and var meta && meta < text ? After(window[text..], "charset"u8) : null;
    }

    private static string? After(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name)
    {
        var at = text.IndexOf(name);
        if (at < 0) return null;
        text = text[(at + name.Length)..].TrimStart(" \t\r\n"u8);
        if (text.Length == 0 || text[0] != '=') return null;
        text = text[1..].TrimStart(" \t\r\n\"'"u8);
        var end = text.IndexOfAny(DeclaredLabelEnds);
        return Encoding.ASCII.GetString(end < 0 ? text : text[..end]);
    }

    private static bool IsSingleByte(int codePage) =>
        codePage is not (54936 or 950 or 932 or 51932 or 949 or 51949 or 50220 or 52936 or 65001 or 1200 or 1201);

    /// <summary>Whether the bytes are valid in a multi-byte encoding, give or take one broken character in a thousand.</summary>
    private static bool Fits(ReadOnlySpan<byte> bytes, int codePage)
    {
        if (IsSingleByte(codePage)) return true;
        var window = bytes[..Math.Min(bytes.Length, ParserLimits.GuessWindow)];
        var text = Encoding.GetEncoding(codePage, EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\uFFFD")).GetString(window);
        int wrong = 0, high = 0;
        foreach (var c in text)
        {
            if (c == '\uFFFD') wrong++;
            else if (c >= 0x80) high++;
        }

        return wrong * 20 <= high;
    }

    /// <summary>Whether most bytes beyond ASCII stand side by side: in Latin text they are lone letters among ASCII.</summary>
    private static bool MayBeMultiByte(ReadOnlySpan<byte> bytes)
    {
        var start = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        if (start < 0) return false;
        var window = bytes.Slice(start, Math.Min(bytes.Length - start, ParserLimits.GuessWindow));
        int lone = 0, together = 0;
        for (var i = 0; i < window.Length; i++)
        {
            if (window[i] < 0x80) continue;
            if ((i > 0 && window[i - 1] >= 0x80) || (i + 1 < window.Length && window[i + 1] >= 0x80)) together++;
            else lone++;
        }

        // A word of an odd number of Cyrillic or Greek letters breaks the pairs of every multi-byte encoding.
        window = window[..Math.Min(window.Length, 1024)];
        return together > lone && (Fits(window, 54936) || Fits(window, 950) || Fits(window, 932) || Fits(window, 949));
    }

    private static (string Name, int CodePage)? Guess(ReadOnlySpan<byte> bytes)
    {
        var words = Telling(bytes);
        // Most documents that declare nothing are these, and the judge takes a millisecond to say so, not always rightly.
        if (IsWestern(words)) return Find("windows-1252");
        var detected = CharsetDetector.DetectFromBytes(words).Detected;
        return detected is { Confidence: > 0.5f } ? Find(detected.EncodingName) : null;
    }

    /// <summary>
    /// Whether words are of a language of Western Europe: no byte among them is a letter that only another single-byte encoding
    /// has in that place and its languages can hardly do without (š and ž of Czech and Croatian, ą, ł, ś and ż of Polish, ő and ű of
    /// Hungarian, ş and ţ of Romanian, ğ, ı and ş of Turkish), and they stand alone, as those of no multi-byte encoding do.
    /// </summary>
    private static bool IsWestern(ReadOnlySpan<byte> words)
    {
        bool hasHungarian = false, hasPortuguese = false;
        int lone = 0, pairs = 0;
        for (var i = 0; i < words.Length; i++)
        {
            var b = words[i];
            if (b < 0x80) continue;
            var isInWord = i > 0 && i + 1 < words.Length && IsLetter(words[i - 1]) && IsLetter(words[i + 1]);
            // Three in a row that are not ASCII: Greek, Cyrillic, Arabic, Chinese…
            if (i > 1 && words[i - 1] >= 0xC0 && words[i - 2] >= 0xC0) return false;
            if (i > 0 && words[i - 1] >= 0x80) pairs++;
            else lone++;
            switch (b)
            {
                // The apostrophe, the soft hyphen and the Catalan dot stand inside of words.
                case 0x92 or 0xAD or 0xB7 or 0xA0: break;
                case 0x80 or 0x82 or 0x84 or 0x85 or 0x8B or (>= 0x91 and <= 0x97) or 0x99 or 0x9B or 0xA1 or 0xA3 or 0xA7 or 0xA9 or 0xAA or 0xAB or 0xAE or 0xB0 or 0xBA or 0xBB or 0xBF:
                    if (isInWord) return false;
                    break;
                case 0xE3 or 0xE7: hasPortuguese = true; break;
                case 0xF5 or 0xFB or 0xD5 or 0xDB: hasHungarian = true; break;
                case < 0xC0 or 0xD0 or 0xDD or 0xDE or 0xF0 or 0xFD or 0xFE or 0xD7 or 0xF7: return false;
            }
        }

        return lone > 2 * pairs && (!hasHungarian || hasPortuguese);

        static bool IsLetter(byte b) => b >= 0xC0 || char.IsAsciiLetter((char)b);
    }

    /// <summary>
    /// The words that hold bytes beyond ASCII, a space between them: markup and plain words tell nothing, and the judge takes its
    /// time with each byte.
    /// </summary>
    private static byte[] Telling(ReadOnlySpan<byte> bytes)
    {
        var words = new byte[ParserLimits.GuessedWords];
        var used = 0;
        for (var at = 0; used < words.Length && bytes[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF) is >= 0 and var next;)
        {
            int start = at + next, end = start;
            while (start > at && IsOfWord(bytes[start - 1])) start--;
            while (end < bytes.Length && IsOfWord(bytes[end])) end++;
            var length = Math.Min(end - start, words.Length - used);
            bytes.Slice(start, length).CopyTo(words.AsSpan(used));
            used += length;
            if (used < words.Length) words[used++] = (byte)' ';
            at = end;
        }

        return words[..used];
    }

    // The second byte of a character of Shift_JIS, Big5 or GBK may be any of these.
    private static bool IsOfWord(byte b) => b > ' ' && b is not ((byte)'<' or (byte)'>' or (byte)'"' or (byte)'&' or (byte)';');

    private static FrozenDictionary<string, (string Name, int CodePage)> BuildLabels()
    {
        var labels = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        void Add(string name, int codePage, string others)
        {
            labels[name] = (name, codePage);
            foreach (var label in others.Split(' ', StringSplitOptions.RemoveEmptyEntries)) labels[label] = (name, codePage);
        }

        Add("utf-8", 65001, "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8 utf-8-bom utf-8n");
        Add("utf-16le", 1200, "utf-16 utf16 ucs-2 unicode csunicode iso-10646-ucs-2 unicodefeff utf-16-le u16");
        Add("utf-16be", 1201, "unicodefffe utf-16-be");
        Add("utf-32le", 12000, "utf-32 utf32 ucs-4 iso-10646-ucs-4 u32");
        Add("utf-32be", 12001, "");
        Add("gb18030", 54936, "gbk gb2312 gb-2312 gb-2312-80 gb2312-80 x-gbk chinese csgb2312 csiso58gb231280 gb-18030 iso-ir-58 cp936 ms936 936 windows-936 x-euc-cn euc-cn euccn x-mac-chinesesimp");
        Add("big5", 950, "big5-hkscs big5hkscs cn-big5 csbig5 x-x-big5 cp950 950 windows-950 big5-eten");
        Add("shift_jis", 932, "shift-jis sjis s-jis x-sjis ms-kanji windows-31j csshiftjis ms932 cp932 932");
        Add("euc-jp", 51932, "eucjp x-euc-jp cseucpkdfmtjapanese ujis");
        Add("iso-2022-jp", 50220, "csiso2022jp iso2022jp");
        Add("hz-gb-2312", 52936, "hz");
        Add("euc-kr", 949, "euckr cp949 949 ks-c-5601-1987 ksc5601 ksc-5601 ks-c-5601-1989 korean windows-949 cseuckr csksc56011987 iso-ir-149 uhc");
        Add("windows-1252", 1252, "iso-8859-1 latin1 latin-1 iso8859-1 iso88591 iso-88591 iso-8859-1:1987 l1 cp1252 1252 x-cp1252 ansi ascii us-ascii ansi-x3.4-1968 cp819 ibm819 iso-ir-100 csisolatin1 win-1252 win1252 windows1252 8859-1 646");
        Add("windows-1250", 1250, "cp1250 x-cp1250 1250 win-1250 win1250 windows1250");
        Add("windows-1251", 1251, "cp1251 x-cp1251 1251 win-1251 win1251 windows1251 ms-cyrl");
        Add("windows-1253", 1253, "cp1253 x-cp1253 1253 win1253 windows1253");
        Add("windows-1254", 1254, "cp1254 x-cp1254 1254 win1254 windows1254 iso-8859-9 latin5 iso8859-9 l5 csisolatin5 iso-ir-148");
        Add("windows-1255", 1255, "cp1255 x-cp1255 1255 win1255 windows1255");
        Add("windows-1256", 1256, "cp1256 x-cp1256 1256 win1256 windows1256");
        Add("windows-1257", 1257, "cp1257 x-cp1257 1257 win1257 windows1257");
        Add("windows-1258", 1258, "cp1258 x-cp1258 1258 win1258 windows1258");
        Add("windows-874", 874, "dos-874 iso-8859-11 iso8859-11 tis-620 cp874 874");
        Add("iso-8859-2", 28592, "latin2 latin-2 iso8859-2 iso88592 l2 csisolatin2 iso-ir-101");
        Add("iso-8859-3", 28593, "latin3 iso8859-3 l3");
        Add("iso-8859-4", 28594, "latin4 iso8859-4 l4");
        Add("iso-8859-5", 28595, "cyrillic iso8859-5 csisolatincyrillic iso-ir-144");
        Add("iso-8859-6", 28596, "arabic iso8859-6 asmo-708 ecma-114");
        Add("iso-8859-7", 28597, "greek greek8 iso8859-7 ecma-118 elot-928 csisolatingreek");
        Add("iso-8859-8", 28598, "hebrew iso8859-8 iso-8859-8-i logical visual");
        Add("iso-8859-13", 28603, "iso8859-13");
        Add("iso-8859-15", 28605, "latin9 latin-9 iso8859-15 iso885915 l9 csisolatin9");
        Add("koi8-r", 20866, "koi8 koi koi8r koi8-ru cskoi8r");
        Add("koi8-u", 21866, "koi8u");
        Add("ibm866", 866, "cp866 866 csibm866");
        Add("macintosh", 10000, "mac csmacintosh x-mac-roman macroman");
        Add("x-mac-cyrillic", 10007, "x-mac-ukrainian");
        Add("ibm037", 37, "cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl");
        Add("ibm437", 437, "cp437 437");
        Add("ibm850", 850, "cp850 850");
        Add("ibm852", 852, "cp852 852");
        return labels.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
