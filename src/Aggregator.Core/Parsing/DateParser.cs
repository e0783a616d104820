using System.Globalization;

namespace Aggregator.Core.Parsing;

/// <summary>
/// Reads dates as publishers write them: RFC 822/2822/5322, RFC 3339 and ISO 8601, <c>asctime</c>, Unix times, the orders and
/// month names of a dozen languages, and relative ones. What is no date, or an impossible one, is null: never today.
/// </summary>
public static class DateParser
{
    private enum TokenKind
    {
        Number,
        Word,
        Symbol,
    }

    /// <summary>The instant that <paramref name="text"/> names, in UTC; null when it names none. Never throws.</summary>
    public static DateTimeOffset? Parse(string? text, DateContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Parse(text.AsSpan(), context);
    }

    /// <summary>The same for a text that is no string yet.</summary>
    internal static DateTimeOffset? Parse(ReadOnlySpan<char> text, DateContext context)
    {
        var span = text.Trim();
        if (span.Length is 0 or > ParserLimits.MaxDateLength) return null;
        return Rfc822(span) ?? Iso(span, context) ?? Liberal(span, context);
    }

    /// <summary>The one form that most feeds write, read without a detour: <c>Sat, 05 Sep 2026 10:00:00 GMT</c> or <c>+0800</c>.</summary>
    private static DateTimeOffset? Rfc822(ReadOnlySpan<char> s)
    {
        if (s.Length < 5 || s[3] != ',') return null;
        s = s[4..].TrimStart();
        var digits = s.Length > 1 && char.IsAsciiDigit(s[1]) ? 2 : 1;
        if (!Number(s, 0, digits, out var day) || s.Length < digits + 18) return null;
        s = s[digits..];
        if (s[0] != ' ' || s[4] != ' ' || s[9] != ' ' || s[12] != ':' || s[15] != ':' || s.Length < 19 || s[18] != ' ') return null;
        var month = DateWords.Month(s[1..4]);
        if (month == 0 || !Number(s, 5, 4, out var year) || !Number(s, 10, 2, out var hour) || !Number(s, 13, 2, out var minute)
            || !Number(s, 16, 2, out var second) || hour > 23 || minute > 59 || second > 59)
            return null;

        var zone = s[19..];
        int offset;
        if (zone.SequenceEqual("GMT") || zone.SequenceEqual("Z") || zone.SequenceEqual("UTC")) offset = 0;
        else if (zone.Length == 5 && zone[0] is '+' or '-' && Number(zone, 1, 2, out var hours) && Number(zone, 3, 2, out var minutes) && hours < 15 && minutes < 60)
            offset = (hours * 60 + minutes) * (zone[0] == '-' ? -1 : 1);
        else return null;

        return Instant(year, month, day, hour, minute, second, 0, offset);
    }

    /// <summary>RFC 3339 in its usual form, and nothing else.</summary>
    private static DateTimeOffset? Iso(ReadOnlySpan<char> s, DateContext context)
    {
        if (s.Length < 19 || s[4] != '-' || s[7] != '-' || s[10] is not ('T' or 't' or ' ') || s[13] != ':' || s[16] != ':') return null;
        if (!Number(s, 0, 4, out var year) || !Number(s, 5, 2, out var month) || !Number(s, 8, 2, out var day) || !Number(s, 11, 2, out var hour)
            || !Number(s, 14, 2, out var minute) || !Number(s, 17, 2, out var second) || hour > 23 || minute > 59 || second > 59)
            return null;

        s = s[19..];
        long ticks = 0;
        if (s.Length > 1 && s[0] is '.' or ',')
        {
            var i = 1;
            for (var unit = TimeSpan.TicksPerSecond / 10; i < s.Length && char.IsAsciiDigit(s[i]); i++, unit /= 10) ticks += (s[i] - '0') * unit;
            s = s[i..];
        }

        if (s.Length == 0) return Local(year, month, day, hour, minute, second, ticks, context);
        if (s.Length == 1 && s[0] is 'Z' or 'z') return Instant(year, month, day, hour, minute, second, ticks, 0);
        if (s[0] is not ('+' or '-')) return null;
        var at = s.Length == 6 && s[3] == ':' ? 4 : s.Length == 5 ? 3 : -1;
        return at > 0 && Number(s, 1, 2, out var hours) && Number(s, at, 2, out var minutes) && hours < 15 && minutes < 60
            ? Instant(year, month, day, hour, minute, second, ticks, (hours * 60 + minutes) * (s[0] == '-' ? -1 : 1))
            : null;
    }

    private static DateTimeOffset? Liberal(ReadOnlySpan<char> span, DateContext context)
    {
        if (UnixTime(span) is { } unix) return unix;
        if (span.StartsWith("/Date(") && Microsoft(span[6..]) is { } microsoft) return microsoft;
        if (span.ContainsAny(DateNumerals.Characters) && span.ContainsAny('年', '月') && DateNumerals.Convert(span) is { } converted) return Parse(converted, context);
        Span<Token> buffer = stackalloc Token[80];
        var tokens = buffer[..Tokenize(span, buffer)];
        if (tokens.Length is 0 or 80) return null;

        if (Relative(span, tokens, context) is { } relative) return relative;

        var used = new bool[tokens.Length];
        if (Stamp(span, tokens, used, context) is { } stamp) return stamp;
        var clock = Clock(span, tokens, used, out var afterClock, out var impossible);
        if (impossible) return null;
        var offset = Zone(span, tokens, used, clock is null ? -1 : afterClock, context);
        if (Date(span, tokens, used, clock is not null, context) is not var (year, month, day)) return null;
        if (clock is not var (hour, minute, second, ticks)) return offset is null
            ? Local(year, month, day, 0, 0, 0, 0, context)
            : Instant(year, month, day, 0, 0, 0, 0, offset.Value);
        return offset is null
            ? Local(year, month, day, hour, minute, second, ticks, context)
            : Instant(year, month, day, hour, minute, second, ticks, offset.Value);
    }

    /// <summary>Microsoft's JSON: <c>/Date(1788602400000+0800)/</c>, milliseconds whatever the zone.</summary>
    private static DateTimeOffset? Microsoft(ReadOnlySpan<char> s)
    {
        var end = s.IndexOfAny("+-)");
        return end is > 8 and < 15 && long.TryParse(s[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
    }

    /// <summary>Date and time in one number: <c>20260905100000</c>, <c>202609051000</c>.</summary>
    private static DateTimeOffset? Stamp(ReadOnlySpan<char> s, ReadOnlySpan<Token> tokens, bool[] used, DateContext context)
    {
        if (tokens[0] is not { Kind: TokenKind.Number, Length: 12 or 14 } number) return null;
        var value = number.Length == 12 ? number.Value * 100 : number.Value;
        int date = (int)(value / 1_000_000), time = (int)(value % 1_000_000);
        if (date / 10_000 is < 1900 or > 2100 || time / 10_000 > 23 || time / 100 % 100 > 59 || time % 100 > 59) return null;
        used[0] = true;
        return Zone(s, tokens, used, 1, context) is { } offset
            ? Instant(date / 10_000, date / 100 % 100, date % 100, time / 10_000, time / 100 % 100, time % 100, 0, offset)
            : Local(date / 10_000, date / 100 % 100, date % 100, time / 10_000, time / 100 % 100, time % 100, 0, context);
    }

    private static DateTimeOffset? UnixTime(ReadOnlySpan<char> s)
    {
        if (s[0] == '@') s = s[1..];
        var dot = s.IndexOf('.');
        var whole = dot > 0 ? s[..dot] : s;
        if (whole.Length is not (9 or 10 or 13 or 16) || whole.ContainsAnyExceptInRange('0', '9')) return null;
        if (dot > 0 && s[(dot + 1)..].ContainsAnyExceptInRange('0', '9')) return null;
        var value = long.Parse(whole, NumberStyles.None, CultureInfo.InvariantCulture);
        return whole.Length switch
        {
            16 => DateTimeOffset.FromUnixTimeMilliseconds(value / 1000),
            13 => DateTimeOffset.FromUnixTimeMilliseconds(value),
            _ => DateTimeOffset.FromUnixTimeSeconds(value),
        };
    }

    /// <summary>Finds the time of day: <c>10:00</c>, <c>10:00:05.5 pm</c>, <c>10时5分</c>, <c>下午3点</c>, <c>오후 3시 5분</c>.</summary>
    private static (int Hour, int Minute, int Second, long Ticks)? Clock(
        ReadOnlySpan<char> s, ReadOnlySpan<Token> tokens, bool[] used, out int after, out bool impossible)
    {
        after = -1;
        impossible = false;
        for (var i = 0; i < tokens.Length; i++)
        {
            // ISO 8601's basic form: 20260905T100000.
            if (i > 0 && i + 1 < tokens.Length && tokens[i].Kind == TokenKind.Word && tokens[i].Text(s) is "T" or "t" && tokens[i - 1] is { Kind: TokenKind.Number, Length: 7 or 8 }
                && tokens[i + 1] is { Kind: TokenKind.Number, Length: 4 or 6 } compact)
            {
                used[i] = used[i + 1] = true;
                after = i + 2;
                var digits = (int)(compact.Length == 4 ? compact.Value * 100 : compact.Value);
                impossible = digits / 10_000 > 23 || digits / 100 % 100 > 59 || digits % 100 > 59;
                return (digits / 10_000, digits / 100 % 100, digits % 100, 0);
            }

            // W3C's "2026-09-05T10Z": the hour alone.
            if (i > 0 && i + 1 < tokens.Length && tokens[i].Kind == TokenKind.Word && tokens[i].Text(s) is "T" or "t" && tokens[i - 1].Kind == TokenKind.Number
                && tokens[i + 1] is { Kind: TokenKind.Number, Length: 2 } alone && (i + 2 == tokens.Length || !tokens[i + 2].IsSymbol(':')))
            {
                used[i] = used[i + 1] = true;
                after = i + 2;
                impossible = alone.Value > 23;
                return ((int)alone.Value, 0, 0, 0);
            }

            if (tokens[i].Kind != TokenKind.Number || i + 1 >= tokens.Length) continue;
            var colon = tokens[i + 1].IsSymbol(':') || (tokens[i + 1].IsSymbol('.') && i > 0 && IsClockDots(tokens, i));
            var mark = tokens[i + 1].Kind == TokenKind.Word && IsHour(tokens[i + 1].Text(s));
            var halfDay = tokens[i + 1].Kind == TokenKind.Word && HalfDay(tokens[i + 1].Text(s)) != 0 && tokens[i].Length <= 2 && !colon && !HasColon(tokens);
            if (!colon && !mark && !halfDay) continue;
            if (colon && (i + 2 >= tokens.Length || tokens[i + 2].Kind != TokenKind.Number)) continue;

            int hour = (int)Math.Min(tokens[i].Value, 1000), minute = 0, second = 0;
            long ticks = 0;
            used[i] = true;
            var next = i + 1;
            if (colon)
            {
                minute = (int)Math.Min(tokens[i + 2].Value, 1000);
                used[i + 1] = used[i + 2] = true;
                next = i + 3;
                if (next + 1 < tokens.Length && (tokens[next].IsSymbol(':') || tokens[next].IsSymbol('.')) && tokens[next + 1].Kind == TokenKind.Number)
                {
                    second = (int)Math.Min(tokens[next + 1].Value, 1000);
                    used[next] = used[next + 1] = true;
                    next += 2;
                    if (next + 1 < tokens.Length && (tokens[next].IsSymbol('.') || tokens[next].IsSymbol(',') || tokens[next].IsSymbol(':')) && tokens[next + 1].Kind == TokenKind.Number)
                    {
                        ticks = Fraction(tokens[next + 1]);
                        used[next] = used[next + 1] = true;
                        next += 2;
                    }
                }
            }
            else if (mark)
            {
                used[i + 1] = true;
                next = i + 2;
                if (next < tokens.Length && tokens[next].Kind == TokenKind.Word && tokens[next].Text(s) is "半")
                {
                    minute = 30;
                    used[next++] = true;
                }
                else if (next < tokens.Length && tokens[next].Kind == TokenKind.Number)
                {
                    minute = (int)Math.Min(tokens[next].Value, 1000);
                    used[next++] = true;
                    if (next < tokens.Length && tokens[next].Kind == TokenKind.Word) used[next++] = true;
                    if (next < tokens.Length && tokens[next].Kind == TokenKind.Number && next + 1 < tokens.Length && tokens[next + 1].Kind == TokenKind.Word && tokens[next + 1].Text(s) is "秒" or "초")
                    {
                        second = (int)Math.Min(tokens[next].Value, 1000);
                        used[next] = used[next + 1] = true;
                        next += 2;
                    }
                }
            }

            var half = 0;
            if (next < tokens.Length && tokens[next].Kind == TokenKind.Word && HalfDay(tokens[next].Text(s)) is not 0 and var later)
            {
                half = later;
                used[next++] = true;
                // "p.m."
                while (next < tokens.Length && (tokens[next].IsSymbol('.') || (tokens[next].Kind == TokenKind.Word && tokens[next].Text(s) is "m" or "M"))) used[next++] = true;
            }
            else if (i > 0 && tokens[i - 1].Kind == TokenKind.Word && HalfDay(tokens[i - 1].Text(s)) is not 0 and var earlier)
            {
                half = earlier;
                used[i - 1] = true;
            }

            if (half == 2 && hour < 12) hour += 12;
            if (half == 1 && hour == 12) hour = 0;
            after = next;
            impossible = hour > 24 || minute > 59 || second > 60 || (hour == 24 && (minute > 0 || second > 0));
            return (hour, minute, second, ticks);
        }

        return null;
    }

    private static bool HasColon(ReadOnlySpan<Token> tokens)
    {
        foreach (var token in tokens)
            if (token.IsSymbol(':'))
                return true;
        return false;
    }

    // "10.00.05": a clock with dots stands after a date, has two-digit parts, and there is no colon anywhere.
    private static bool IsClockDots(ReadOnlySpan<Token> tokens, int i)
    {
        if (HasColon(tokens) || i + 4 >= tokens.Length) return false;
        var earlier = 0;
        for (var j = 0; j < i; j++)
            if (tokens[j].Kind == TokenKind.Number)
                earlier++;
        return earlier >= 2 && tokens[i].Length == 2 && tokens[i + 2] is { Kind: TokenKind.Number, Length: 2 }
            && tokens[i + 3].IsSymbol('.') && tokens[i + 4] is { Kind: TokenKind.Number, Length: 2 };
    }

    private static bool IsHour(ReadOnlySpan<char> word) => word is "时" or "時" or "点" or "點" or "시" or "点钟" or "h" or "H" or "Uhr" or "uhr";

    /// <summary>1 before noon, 2 after noon, 0 for another word.</summary>
    private static int HalfDay(ReadOnlySpan<char> word) => word switch
    {
        "上午" or "早上" or "凌晨" or "清晨" or "午前" or "오전" or "πμ" or "de" => word is "de" ? 0 : 1,
        "下午" or "晚上" or "晚间" or "午後" or "오후" or "μμ" or "中午" or "傍晚" => 2,
        _ when word.Equals("am", StringComparison.OrdinalIgnoreCase) || word.Equals("a", StringComparison.OrdinalIgnoreCase) => 1,
        _ when word.Equals("pm", StringComparison.OrdinalIgnoreCase) || word.Equals("p", StringComparison.OrdinalIgnoreCase) => 2,
        _ => 0,
    };

    private static long Fraction(Token number)
    {
        var value = number.Value;
        for (var digits = number.Length; digits > 7; digits--) value /= 10;
        for (var digits = number.Length; digits < 7; digits++) value *= 10;
        return value;
    }

    /// <summary>The offset in minutes that the date names, or null.</summary>
    private static int? Zone(ReadOnlySpan<char> s, ReadOnlySpan<Token> tokens, bool[] used, int afterClock, DateContext context)
    {
        // "2004-12-31 +0200": without a time a sign only counts when it cannot be a hyphen of the date.
        for (var i = Math.Max(afterClock, 0); i < tokens.Length; i++)
        {
            var sign = tokens[i].IsSymbol('+') ? 1 : tokens[i].IsSymbol('-') || tokens[i].IsSymbol('−') ? -1 : 0;
            if (sign == 0 || i + 1 >= tokens.Length || tokens[i + 1].Kind != TokenKind.Number) continue;
            if (afterClock < 0 && (sign < 0 || tokens[i + 1].Length is not (2 or 4))) continue;
            var value = tokens[i + 1];
            long minutes;
            var last = i + 1;
            if (value.Length is 3 or 4) minutes = value.Value / 100 * 60 + value.Value % 100;
            else if (value.Length <= 2)
            {
                minutes = value.Value * 60;
                if (i + 3 < tokens.Length && tokens[i + 2].IsSymbol(':') && tokens[i + 3] is { Kind: TokenKind.Number, Length: 2 })
                {
                    minutes += tokens[i + 3].Value;
                    last = i + 3;
                }
            }
            else continue;

            // asctime's and Perl's "10:00:00 -2004": a year, no zone.
            if (minutes > 15 * 60) continue;
            for (var j = i; j <= last; j++) used[j] = true;
            MarkWords(tokens, used, afterClock);
            return (int)minutes * sign;
        }

        if (afterClock < 0) return null;
        if (afterClock < tokens.Length && DateZones.Described(s[tokens[afterClock].Start..]) is { } described) return described;
        for (var i = afterClock; i < tokens.Length; i++)
        {
            if (tokens[i].Kind != TokenKind.Word || used[i]) continue;
            // "America/New_York" and the like.
            if (i + 2 < tokens.Length && tokens[i + 1].IsSymbol('/') && tokens[i + 2].Kind == TokenKind.Word)
            {
                var end = i + 2;
                while (end + 2 < tokens.Length && (tokens[end + 1].IsSymbol('_') || tokens[end + 1].IsSymbol('/')) && tokens[end + 2].Kind == TokenKind.Word) end += 2;
                var name = s[tokens[i].Start..(tokens[end].Start + tokens[end].Length)].ToString();
                if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out _))
                {
                    // The offset depends on the date; good enough is the zone's offset at the fetch, and feeds with it are rare.
                    return (int)TimeZoneInfo.FindSystemTimeZoneById(name).GetUtcOffset(context.FetchedAt).TotalMinutes;
                }
            }

            if (DateWords.Month(tokens[i].Text(s)) != 0) continue;
            if (DateZones.Offset(tokens[i].Text(s), context.Language) is { } offset)
            {
                used[i] = true;
                return offset;
            }
        }

        return null;
    }

    private static void MarkWords(ReadOnlySpan<Token> tokens, bool[] used, int from)
    {
        for (var i = Math.Max(from, 0); i < tokens.Length; i++)
            if (tokens[i].Kind == TokenKind.Word && i + 1 < tokens.Length && used[i + 1])
                used[i] = true;
    }

    private static (int Year, int Month, int Day)? Date(
        ReadOnlySpan<char> s, ReadOnlySpan<Token> tokens, bool[] used, bool hasClock, DateContext context)
    {
        // Markers say it all: 2026年9月5日, 2026년 9월 5일.
        int year = -1, month = -1, day = -1;
        for (var i = 0; i + 1 < tokens.Length; i++)
        {
            if (tokens[i].Kind != TokenKind.Number || tokens[i + 1].Kind != TokenKind.Word) continue;
            switch (tokens[i + 1].Text(s))
            {
                case "年" or "년": year = i > 0 && tokens[i - 1].Kind == TokenKind.Word && Era(tokens[i - 1].Text(s)) is > 0 and var era ? era + (int)Math.Min(tokens[i].Value, 999) : Year(tokens[i]); break;
                case "月" or "월": month = (int)Math.Min(tokens[i].Value, 99); break;
                case "日" or "号" or "號" or "일": day = (int)Math.Min(tokens[i].Value, 99); break;
            }
        }

        if (month > 0)
        {
            if (day < 0) day = year >= 0 ? 1 : -1;
            if (day < 0) return null;
            return year >= 0 ? (year, month, day) : WithoutYear(month, day, context);
        }

        // ISO 8601's weeks: 2026-W36-6.
        for (var i = 1; i + 1 < tokens.Length; i++)
            if (tokens[i].Kind == TokenKind.Word && tokens[i].Text(s) is "W" or "w" && tokens[i + 1] is { Kind: TokenKind.Number, Length: 2 or 3 } week)
            {
                var weekYear = tokens[i - 1].Kind == TokenKind.Number ? tokens[i - 1] : i > 1 ? tokens[i - 2] : default;
                if (weekYear is not { Kind: TokenKind.Number, Length: 4, Value: > 1900 and < 2100 }) return null;
                var weekday = week.Length == 3 ? week.Value % 10 : i + 3 < tokens.Length && tokens[i + 2].IsSymbol('-') && !used[i + 3] && tokens[i + 3] is { Kind: TokenKind.Number, Length: 1 } day1 ? day1.Value : 1;
                var number = week.Length == 3 ? week.Value / 10 : week.Value;
                if (number is < 1 or > 53 || weekday is < 1 or > 7 || number > ISOWeek.GetWeeksInYear((int)weekYear.Value)) return null;
                var date = ISOWeek.ToDateTime((int)weekYear.Value, (int)number, (DayOfWeek)(weekday % 7));
                return (date.Year, date.Month, date.Day);
            }

        var named = 0;
        var namedAt = -1;
        for (var i = 0; i < tokens.Length; i++)
            if (tokens[i].Kind == TokenKind.Word && !used[i] && DateWords.Month(tokens[i].Text(s)) is > 0 and var found)
            {
                // "mar. 05 sept.": a weekday that looks like a month stands before the real one.
                named = found;
                namedAt = i;
            }

        Span<int> numbers = stackalloc int[8];
        var count = 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind != TokenKind.Number || used[i]) continue;
            if (count == numbers.Length) return null;
            numbers[count++] = i;
        }

        if (named > 0)
        {
            if (count is < 1 or > 3) return null;
            var first = tokens[numbers[0]];
            if (count == 1)
                return first.Length == 4 ? (Year(first), named, 1) : hasClock || namedAt >= 0 ? WithoutYear(named, (int)Math.Min(first.Value, 99), context) : null;
            var second = tokens[numbers[1]];
            if (first.Length == 4 || first.Value > 31) return (Year(first), named, (int)Math.Min(second.Value, 99));
            return (Year(second), named, (int)Math.Min(first.Value, 99));
        }

        if (count == 0) return null;
        var a = tokens[numbers[0]];
        if (count == 1) return Compact(a, hasClock);
        var b = tokens[numbers[1]];
        var separator = tokens[Math.Min(numbers[0] + 1, tokens.Length - 1)];
        if (count == 2)
        {
            if (a.Length == 4 && b.Length == 3) return Ordinal(Year(a), (int)b.Value);
            if (a.Length == 4 && b.Length <= 2) return (Year(a), (int)b.Value, 1);
            // "5 Xyz 2026" is a day of a month that we do not know, no month of May.
            if (b.Length == 4 && a.Length <= 2) return HasWordBetween(tokens, numbers[0], numbers[1]) ? null : (Year(b), (int)a.Value, 1);
            return hasClock && a.Length <= 2 && b.Length <= 2 ? WithoutYear((int)a.Value, (int)b.Value, context) : null;
        }

        var c = tokens[numbers[2]];
        if (a.Length >= 4 || a.Value > 31) return (Year(a), (int)Math.Min(b.Value, 99), (int)Math.Min(c.Value, 99));
        if (c.Length != 4 && c.Length != 2) return null;
        // 13/05 is a day first, 05/13 a month first; else a slash is American, dots and hyphens are European.
        var dayFirst = a.Value > 12 || (b.Value <= 12 && !separator.IsSymbol('/'));
        if (c.Length == 2 && separator.IsSymbol('-')) return (Year(a), (int)b.Value, (int)c.Value);
        return dayFirst
            ? (Year(c), (int)Math.Min(b.Value, 99), (int)Math.Min(a.Value, 99))
            : (Year(c), (int)Math.Min(a.Value, 99), (int)Math.Min(b.Value, 99));
    }

    private static bool HasWordBetween(ReadOnlySpan<Token> tokens, int first, int last)
    {
        foreach (var token in tokens[(first + 1)..last])
            if (token.Kind == TokenKind.Word)
                return true;
        return false;
    }

    // The year before the first of an era, as Japan and Taiwan count.
    private static int Era(ReadOnlySpan<char> word) => word switch
    {
        "令和" => 2018,
        "平成" => 1988,
        "昭和" => 1925,
        "民國" or "民国" or "中華民國" => 1911,
        _ => 0,
    };

    /// <summary>Digits without separators: <c>20260905</c>, <c>2026248</c> (day of the year), <c>202609</c>, <c>2026</c>.</summary>
    private static (int Year, int Month, int Day)? Compact(Token number, bool hasClock) => number.Length switch
    {
        8 => ((int)(number.Value / 10_000), (int)(number.Value / 100 % 100), (int)(number.Value % 100)),
        7 => Ordinal((int)(number.Value / 1000), (int)(number.Value % 1000)),
        6 when number.Value / 100 is > 1900 and < 2100 => ((int)(number.Value / 100), (int)(number.Value % 100), 1),
        4 when !hasClock && number.Value is > 1900 and < 2100 => ((int)number.Value, 1, 1),
        _ => null,
    };

    private static (int Year, int Month, int Day)? Ordinal(int year, int dayOfYear)
    {
        if (year is < 1 or > 9998 || dayOfYear < 1 || dayOfYear > (DateTime.IsLeapYear(year) ? 366 : 365)) return null;
        var date = new DateOnly(year, 1, 1).AddDays(dayOfYear - 1);
        return (year, date.Month, date.Day);
    }

    // The newest such day that is not in the future by more than a day.
    private static (int Year, int Month, int Day)? WithoutYear(int month, int day, DateContext context)
    {
        if (month is < 1 or > 12 || day is < 1 or > 31) return null;
        for (var year = context.FetchedAt.Year + 1; year >= context.FetchedAt.Year - 4; year--)
            if (day <= DateTime.DaysInMonth(year, month) && new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) <= context.FetchedAt.AddDays(1))
                return (year, month, day);
        return null;
    }

    private static int Year(Token number) => number switch
    {
        { Length: >= 5 } => -1,
        { Length: <= 2, Value: < 70 } => 2000 + (int)number.Value,
        { Length: <= 2 } => 1900 + (int)number.Value,
        { Length: 3 } => 1900 + (int)number.Value, // Perl's and JavaScript's getYear
        _ => (int)number.Value,
    };

    private static DateTimeOffset? Relative(ReadOnlySpan<char> s, ReadOnlySpan<Token> tokens, DateContext context)
    {
        var now = context.FetchedAt.ToUniversalTime();
        if (s is "刚刚" or "刚才" or "剛剛" or "たった今" or "방금" || s.Equals("just now", StringComparison.OrdinalIgnoreCase) || s.Equals("now", StringComparison.OrdinalIgnoreCase)) return now;

        var ago = s.EndsWith("前") || s.EndsWith("전") || s.EndsWith("ago", StringComparison.OrdinalIgnoreCase) || s.StartsWith("il y a", StringComparison.OrdinalIgnoreCase)
            || s.StartsWith("vor ", StringComparison.OrdinalIgnoreCase) || s.StartsWith("hace ", StringComparison.OrdinalIgnoreCase) || s.EndsWith("назад", StringComparison.OrdinalIgnoreCase);
        if (ago)
        {
            long count = s.StartsWith("a ", StringComparison.OrdinalIgnoreCase) ? 1 : -1;
            var unit = ReadOnlySpan<char>.Empty;
            foreach (var token in tokens)
            {
                if (token.Start == 0 && count == 1) continue;
                if (token.Kind == TokenKind.Number && count < 0) count = token.Value;
                else if (token.Kind == TokenKind.Word && unit.IsEmpty && (count >= 0 || token.Text(s) is "半小时前" || IsOne(token.Text(s)))) unit = token.Text(s);
                if (count < 0 && IsOne(unit))
                {
                    count = 1;
                    unit = default;
                }
            }

            if (unit is "半小时前") return now.AddMinutes(-30);
            if (count is < 0 or > 100_000) return null;
            return Unit(unit) is { } span ? now - span * count : null;
        }

        var days = s switch
        {
            _ when s.StartsWith("前天") || s.StartsWith("一昨日") => 2,
            _ when s.StartsWith("昨天") || s.StartsWith("昨日") || s.StartsWith("어제") || s.StartsWith("yesterday", StringComparison.OrdinalIgnoreCase) => 1,
            _ when s.StartsWith("今天") || s.StartsWith("今日") || s.StartsWith("오늘") || s.StartsWith("today", StringComparison.OrdinalIgnoreCase) => 0,
            _ => -1,
        };
        if (days < 0) return null;

        var used = new bool[tokens.Length];
        var clock = Clock(s, tokens, used, out _, out var impossible);
        if (impossible) return null;
        var zone = context.DefaultZone ?? TimeZoneInfo.Utc;
        var day = TimeZoneInfo.ConvertTime(now, zone).Date.AddDays(-days);
        return clock is var (hour, minute, second, ticks)
            ? Local(day.Year, day.Month, day.Day, hour, minute, second, ticks, context)
            : Local(day.Year, day.Month, day.Day, 0, 0, 0, 0, context);
    }

    // Not "a": that is the verb of the French "il y a".
    private static bool IsOne(ReadOnlySpan<char> word) => word is "an" or "one" or "une" or "un" or "una" or "einer" or "einem";

    private static TimeSpan? Unit(ReadOnlySpan<char> word) => word switch
    {
        _ when word.StartsWith("秒") || word.StartsWith("초") || word.StartsWith("sec", StringComparison.OrdinalIgnoreCase) || word.StartsWith("sek", StringComparison.OrdinalIgnoreCase) || word.StartsWith("сек", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromSeconds(1),
        _ when word.StartsWith("分") || word.StartsWith("분") || word.StartsWith("min", StringComparison.OrdinalIgnoreCase) || word.StartsWith("мин", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromMinutes(1),
        _ when word.StartsWith("小时") || word.StartsWith("小時") || word.StartsWith("个小时") || word.StartsWith("時間") || word.StartsWith("시간") || word.StartsWith("hour", StringComparison.OrdinalIgnoreCase)
            || word.StartsWith("hr", StringComparison.OrdinalIgnoreCase) || word.StartsWith("heure", StringComparison.OrdinalIgnoreCase) || word.StartsWith("Stunde", StringComparison.OrdinalIgnoreCase) || word.StartsWith("hora", StringComparison.OrdinalIgnoreCase) || word.StartsWith("час", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromHours(1),
        _ when word.StartsWith("天") || word.StartsWith("日") || word.StartsWith("일") || word.StartsWith("day", StringComparison.OrdinalIgnoreCase) || word.StartsWith("jour", StringComparison.OrdinalIgnoreCase) || word.StartsWith("Tag", StringComparison.OrdinalIgnoreCase)
            || word.StartsWith("día", StringComparison.OrdinalIgnoreCase) || word.StartsWith("dia", StringComparison.OrdinalIgnoreCase) || word.StartsWith("д", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromDays(1),
        _ when word.StartsWith("周") || word.StartsWith("星期") || word.StartsWith("週") || word.StartsWith("주") || word.StartsWith("week", StringComparison.OrdinalIgnoreCase) || word.StartsWith("semaine", StringComparison.OrdinalIgnoreCase) || word.StartsWith("Woche", StringComparison.OrdinalIgnoreCase) || word.StartsWith("semana", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromDays(7),
        _ when word.StartsWith("个月") || word.StartsWith("個月") || word.StartsWith("か月") || word.StartsWith("ヶ月") || word.StartsWith("개월") || word.StartsWith("month", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromDays(30),
        _ when word.StartsWith("年") || word.StartsWith("년") || word.StartsWith("year", StringComparison.OrdinalIgnoreCase) => TimeSpan.FromDays(365),
        _ => null,
    };

    private static DateTimeOffset? Local(int year, int month, int day, int hour, int minute, int second, long ticks, DateContext context)
    {
        if (context.DefaultZone is not { } zone) return Instant(year, month, day, hour, minute, second, ticks, 0);
        if (Instant(year, month, day, hour, minute, second, ticks, 0) is not { } local) return null;
        return local - zone.GetUtcOffset(DateTime.SpecifyKind(local.UtcDateTime, DateTimeKind.Unspecified));
    }

    private static DateTimeOffset? Instant(int year, int month, int day, int hour, int minute, int second, long ticks, int offsetMinutes)
    {
        if (year is < 1000 or > 9990 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return null;
        return new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero)
            .AddSeconds(hour * 3600 + minute * 60 + second - offsetMinutes * 60L).AddTicks(ticks);
    }

    private static bool Number(ReadOnlySpan<char> s, int start, int length, out int value)
    {
        value = 0;
        if (start + length > s.Length) return false;
        foreach (var c in s.Slice(start, length))
        {
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }

        return true;
    }

    private static int Tokenize(ReadOnlySpan<char> s, Span<Token> tokens)
    {
        var count = 0;
        for (var i = 0; i < s.Length && count < tokens.Length;)
        {
            var start = i;
            if (Digit(s[i]) >= 0)
            {
                long value = 0;
                for (; i < s.Length && Digit(s[i]) is >= 0 and var digit; i++)
                    value = value > 1_000_000_000_000_000 ? value : value * 10 + digit;
                tokens[count++] = new Token(TokenKind.Number, start, i - start, value, '\0');
            }
            else if (char.IsLetter(s[i]))
            {
                // A run of CJK stands apart from Latin letters: 2026年Sep.
                for (i++; i < s.Length && (char.IsLetter(s[i]) || CharUnicodeInfo.GetUnicodeCategory(s[i]) == UnicodeCategory.NonSpacingMark) && s[i] >= 0x2E80 == s[start] >= 0x2E80 && !IsMarker(s[i]) && !IsMarker(s[i - 1]); i++)
                {
                }

                tokens[count++] = new Token(TokenKind.Word, start, i - start, 0, '\0');
            }
            else
            {
                var c = s[i++];
                if (!char.IsWhiteSpace(c)) tokens[count++] = new Token(TokenKind.Symbol, start, 1, 0, c is '：' ? ':' : c is '／' ? '/' : c);
            }
        }

        return count;
    }

    // 2026年9月5日上午10时: each mark ends a word of its own.
    private static bool IsMarker(char c) => c is '年' or '月' or '日' or '号' or '년' or '월' or '일';

    private static int Digit(char c) => c switch
    {
        >= '0' and <= '9' => c - '0',
        >= '０' and <= '９' => c - '０',
        _ => -1,
    };

    private readonly record struct Token(TokenKind Kind, int Start, int Length, long Value, char Symbol)
    {
        internal bool IsSymbol(char c) => Kind == TokenKind.Symbol && Symbol == c;

        internal ReadOnlySpan<char> Text(ReadOnlySpan<char> s) => s.Slice(Start, Length);
    }
}
