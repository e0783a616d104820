using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Aggregator.Core.Parsing;

/// <summary>Month names of the languages in which feeds write dates.</summary>
internal static class DateWords
{
    private static readonly FrozenDictionary<string, int> Months = Build(
        /* 1 */ "jan january januar janvier janv enero ene januari januar jänner jän janeiro gennaio gen stycznia styczen sty января январь янв ianuarie ιαν ιανουαριου ιανουαριος január janeiro ocak tammikuu leden ledna siječnja січня januára",
        /* 2 */ "feb february februar février fevrier févr fevr fév fev febrero februari fevereiro febbraio feb lutego luty lut февраля февраль фев февр φεβ φεβρουαριου φεβρουαριος február febr şubat helmikuu unor unora veljače лютого",
        /* 3 */ "mar march märz maerz mrz mär mars marzo marz maart mrt março marco marca marzec мар марта март μαρ μαρτιου μαρτιος március márc marc martie mart maaliskuu březen ožujka березня",
        /* 4 */ "apr april avril avr abril abr aprile kwietnia kwiecien kwi апр апреля апрель απρ απριλιου απριλιος április ápr aprilie nisan huhtikuu duben dubna travnja квітня",
        /* 5 */ "may mai mayo mei maio maggio mag maja maj мая май μαι μαϊ μαιος μαιου μαϊου május máj mayıs toukokuu květen května svibnja травня",
        /* 6 */ "jun june juni juin junio junho giugno giu czerwca czerwiec cze июн июня июнь ιουν ιον ιουνιου ιουνιος június jún iunie haziran kesäkuu červen června lipnja червня",
        /* 7 */ "jul july juli juillet juil julio julho luglio lug lipca lipiec lip июл июля июль ιουλ ιολ ιουλιου ιουλιος július júl iulie temmuz heinäkuu červenec července srpnja липня",
        /* 8 */ "aug august août aout agosto ago augustus augusti ag agost sierpnia sierpien sie авг августа август αυγ αυγουστου αυγουστος augusztus ağustos elokuu srpen srpna kolovoza серпня",
        /* 9 */ "sep sept september septembre septiembre setiembre set setembro settembre wrzesnia wrzesien wrz сен сент сентября сентябрь σεπ σεπτ σεπτεμβριου σεπτεμβριος szeptember szept septembrie eylül syyskuu září rujna вересня",
        /* 10 */ "oct october oktober okt octobre octubre outubro out ottobre ott pazdziernika pazdziernik paz окт октября октябрь οκτ οκτωβριου οκτωβριος október octombrie ekim lokakuu říjen října listopada жовтня",
        /* 11 */ "nov november novembre noviembre novembro listopad лис ноя нояб ноября ноябрь νοε νοεμ νοεμβριου νοεμβριος noiembrie kasım marraskuu studenoga листопада",
        /* 12 */ "dec december décembre decembre déc diciembre dic dezember dez dezembro dicembre grudnia grudzien gru дек декабря декабрь δεκ δεκεμβριου δεκεμβριος decembrie aralık joulukuu prosinec prosince prosinca грудня");

    /// <summary>The month that a word names, or 0. Case and accents do not matter.</summary>
    internal static int Month(ReadOnlySpan<char> word)
    {
        if (word.Length is < 2 or > 20) return 0;
        if (AsciiMonth(word) is > 0 and var ascii) return ascii;
        return Months.GetValueOrDefault(Fold(word.ToString()));
    }

    private static int AsciiMonth(ReadOnlySpan<char> word)
    {
        if (word.Length != 3) return 0;
        return ((word[0] | 0x20) << 16 | (word[1] | 0x20) << 8 | (word[2] | 0x20)) switch
        {
            'j' << 16 | 'a' << 8 | 'n' => 1,
            'f' << 16 | 'e' << 8 | 'b' => 2,
            'm' << 16 | 'a' << 8 | 'r' => 3,
            'a' << 16 | 'p' << 8 | 'r' => 4,
            'm' << 16 | 'a' << 8 | 'y' => 5,
            'j' << 16 | 'u' << 8 | 'n' => 6,
            'j' << 16 | 'u' << 8 | 'l' => 7,
            'a' << 16 | 'u' << 8 | 'g' => 8,
            's' << 16 | 'e' << 8 | 'p' => 9,
            'o' << 16 | 'c' << 8 | 't' => 10,
            'n' << 16 | 'o' << 8 | 'v' => 11,
            'd' << 16 | 'e' << 8 | 'c' => 12,
            _ => 0,
        };
    }

    private static FrozenDictionary<string, int> Build(params string[] names)
    {
        var months = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var month = 1; month <= names.Length; month++)
            foreach (var name in names[month - 1].Split(' '))
                months.TryAdd(Fold(name), month);

        return months.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string Fold(string word)
    {
        var folded = new StringBuilder(word.Length);
        foreach (var c in word.Normalize(NormalizationForm.FormD))
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                folded.Append(char.ToLowerInvariant(c));

        return folded.ToString();
    }
}
