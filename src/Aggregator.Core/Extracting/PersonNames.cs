using System.Buffers;
using System.Collections.Frozen;
using System.Text;

namespace Aggregator.Core.Extracting;

/// <summary>Tells names of people from the words around them.</summary>
internal static class PersonNames
{
    // The surnames of nearly everybody in China; a bracket of two or three characters that begins with none names nobody.
    private const string Surnames =
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
        + "雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜肖詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁"
        + "隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
        + "張劉陳楊趙黃吳孫馬羅鄭謝韓馮蕭鄧許蘇盧蔣賈葉閻鐘薑範譚鄒陸顧龍萬錢湯賴龔龐蘭陶顏嚴溫蘆魯韋畢聶莊塗時關費紀歐項陽衛單寧閔華車邊饒";

    private static readonly SearchValues<char> NoName = SearchValues.Create("。！？!?：:《》<>=@#%*+");

    private static readonly FrozenSet<char> Singles = Surnames.ToFrozenSet();

    private static readonly string[] Compounds = ["欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "南宫", "歐陽", "諸葛"];

    private static readonly string[] Titles =
    [
        "作者", "记者", "評論員", "评论员", "通讯员", "實習生", "实习生", "编辑", "撰稿人", "撰稿", "主笔", "作家", "研究员", "观察员", "特派员", "摄影", "專欄", "专栏", "執筆", "执笔", "撰文", "報道", "报道", "文/图", "图/文",
    ];

    private static readonly char[] Separators = ['、', '，', ',', '/', '／', '&', '＆', ';', '；', '|', '｜', '丨', '·', '和'];

    /// <summary>Whether the text is a Chinese name in its usual form: surname and one or two characters.</summary>
    internal static bool IsChinese(string text)
    {
        if (text.Length is < 2 or > 4 || !text.All(IsHan)) return false;
        foreach (var compound in Compounds)
            if (text.StartsWith(compound, StringComparison.Ordinal))
                return text.Length is 3 or 4;
        return text.Length <= 3 && Singles.Contains(text[0]);
    }

    internal static bool IsHan(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF');

    /// <summary>
    /// The names in a text that stood behind a label: split at the usual marks and at spaces, without titles before them, as
    /// long as each may be a name.
    /// </summary>
    internal static List<string> Split(string text)
    {
        List<string> names = [];
        foreach (var part in text.Split(Separators, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var hasHan = part.Any(IsHan);
            foreach (var piece in hasHan ? Joined(part).Split(' ', StringSplitOptions.RemoveEmptyEntries) : [part])
            {
                // The number of a desk behind a name: 董梅 PN001.
                if (hasHan && !piece.Any(IsHan) && piece.Any(char.IsAsciiDigit)) continue;
                var name = WithoutTitle(piece.Trim(' ', '：', ':', '（', '）', '(', ')', '[', ']', '【', '】', '。', '"', '“', '”'));
                if (name.Length == 0) continue;
                if (!MayBeName(name)) return names;
                if (!names.Contains(name) && names.Count < ExtractionLimits.MaxAuthors) names.Add(name);
            }
        }

        return names;
    }

    /// <summary>Whether a text that stood behind a label may be a name or pen name.</summary>
    internal static bool MayBeName(string name)
    {
        if (name.Length is < 2 or > 40) return false;
        var han = name.Count(IsHan);
        if (han > 12 || (han > 0 && name.Length > 16)) return false;
        return !name.AsSpan().ContainsAny(NoName) && name.Any(char.IsLetter);
    }

    /// <summary>"观察者网专栏作者王文" is 王文.</summary>
    internal static string WithoutTitle(string name)
    {
        foreach (var title in Titles)
        {
            var at = name.LastIndexOf(title, StringComparison.Ordinal);
            if (at >= 0) name = name[(at + title.Length)..].Trim(' ', ':', '：', '/', '／');
        }

        return name;
    }

    /// <summary>张　三 is one name, spaced to stand under one of three characters.</summary>
    private static string Joined(string text)
    {
        var words = text.Split([' ', '\u3000', '\u00A0'], StringSplitOptions.RemoveEmptyEntries);
        var joined = new StringBuilder(text.Length);
        for (var i = 0; i < words.Length; i++)
        {
            if (joined.Length > 0) joined.Append(' ');
            joined.Append(words[i]);
            if (words[i].Length == 1 && Singles.Contains(words[i][0]) && i + 1 < words.Length && words[i + 1].Length == 1 && IsHan(words[i + 1][0])) joined.Append(words[++i]);
        }

        return joined.ToString();
    }

    /// <summary>The people of a byline in a language of words: "By Ann Lee and Bo Chen".</summary>
    internal static List<string> FromByline(string byline)
    {
        var text = PageLines.Collapse(byline);
        foreach (var by in (ReadOnlySpan<string>)["By ", "by ", "BY ", "Written by ", "Posted by ", "Par ", "par ", "Von ", "von ", "Por ", "por ", "Di ", "Door ", "Text by ", "Story by "])
            if (text.StartsWith(by, StringComparison.Ordinal))
            {
                text = text[by.Length..];
                break;
            }

        List<string> names = [];
        foreach (var part in text.Replace(" and ", ",", StringComparison.OrdinalIgnoreCase).Replace(" & ", ",", StringComparison.Ordinal).Split([',', ';', '|', '•', '·'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Any(char.IsAsciiDigit) || part.Length > 60 || part.Split(' ').Length > 6) continue;
            if (!names.Contains(part) && names.Count < ExtractionLimits.MaxAuthors) names.Add(part);
        }

        return names;
    }
}
