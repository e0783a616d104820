using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Aggregator.Testing;

/// <summary>
/// Texts to search in and searches to look for, both from a seed: Chinese (simplified and traditional), Japanese, English and mixed. Sentences
/// come from the field's shared corpus where it is there, else from a small stock of our own, and are put together anew for each text.
/// </summary>
public sealed partial class SearchCorpus
{
    private static readonly string[] Own =
    [
        "港口新城今起试运行数字孪生调度系统", "集装箱平均候港时间缩短近三成", "记者在三所学校看到孩子们跑出教室", "图书馆夜间开放至零点", "國際會議在臺北舉行，與會者討論氣候變遷",
        "新款手機iPhone 17發布，價格上漲", "本台记者从发布会上获悉，二季度ＧＤＰ同比增长5.2%", "東京の天気は晴れ、最高気温は三十度になる見込みです", "ﾊﾟｿｺﾝの出荷台数が増えました",
        "The port authority says that the model plans berths two days ahead", "Dockers are less sure, and the COVID-19 rules stay", "Mayor opens a new bridge over the river", "A quiet day on the markets, says the central bank",
        "央行宣布降准0.5个百分点", "人民群众的获得感幸福感安全感", "专家表示，今年冬天气温偏高", "中国队3比2战胜巴西队", "台風接近のため、新幹線は運休します", "发展改革委有关负责人答记者问",
    ];

    private static readonly Dictionary<char, char> Traditional = new()
    {
        ['国'] = '國',
        ['会'] = '會',
        ['台'] = '臺',
        ['气'] = '氣',
        ['发'] = '發',
        ['时'] = '時',
        ['间'] = '間',
        ['们'] = '們',
        ['学'] = '學',
        ['开'] = '開',
        ['长'] = '長',
        ['东'] = '東',
    };

    private static readonly Dictionary<char, char> Simplified = File.ReadLines(Path.Combine(Repository.Root, "src", "Aggregator.Core", "Searching", "TraditionalToSimplified.txt"))
        .Where(line => !line.StartsWith('#')).SelectMany(line => line.Chunk(2)).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1]);

    // A third of the sentences of a text are from the first: Chinese takes half of the bytes then.
    private readonly IReadOnlyList<string> _chinese;
    private readonly IReadOnlyList<string> _others;

    private SearchCorpus(IReadOnlyList<string> chinese, IReadOnlyList<string> others) => (_chinese, _others) = (chinese, others);

    /// <summary>Opens it.</summary>
    public static SearchCorpus Open()
    {
        var corpus = Path.Combine(Repository.Root, "..", "shared", "corpus");
        var path = Path.Combine(corpus, "related", "tags.jsonl");
        if (!File.Exists(path)) return new SearchCorpus(Own, Own);
        var others = new List<string>(Own);
        foreach (var line in File.ReadLines(path))
        {
            using var json = JsonDocument.Parse(line);
            foreach (var property in json.RootElement.EnumerateObject())
                if (property.Value.ValueKind == JsonValueKind.String)
                    others.AddRange(SentencesOf(property.Value.GetString()!));
        }

        return new SearchCorpus([.. Own.Concat(ChineseOf(Path.Combine(corpus, "pages-zh"))).Distinct(StringComparer.Ordinal)], others);
    }

    /// <summary>A title and a body of about <paramref name="length"/> characters.</summary>
    public (string Title, string Body) Text(Random random, int length)
    {
        ArgumentNullException.ThrowIfNull(random);
        var title = Sentence(random);
        var body = new StringBuilder();
        while (body.Length < length) body.Append(Varied(Sentence(random), random)).Append(random.Next(4) == 0 ? ", " : "。");
        return (title.Length > 80 ? title[..80] : title, body.ToString());
    }

    /// <summary>A search of one to four words of one to eight characters that stand in these texts, most of them in one of them.</summary>
    public static string Query(Random random, IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(texts);
        var text = texts[random.Next(texts.Count)];
        var words = new List<string>();
        for (var wanted = random.Next(1, 5); words.Count < wanted;)
        {
            if (random.Next(10) == 0) text = texts[random.Next(texts.Count)];
            if (Word(random, text) is { } word) words.Add(Varied(word, random));
        }

        return string.Join(' ', words);
    }

    /// <summary>The texts folded by nothing but the framework and the table of simplified characters, as a scan reads them.</summary>
    public static string Scannable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var scannable = text.Normalize(NormalizationForm.FormKC).ToLowerInvariant().ToCharArray();
        for (var i = 0; i < scannable.Length; i++)
            if (scannable[i] >= 0x3400 && Simplified.TryGetValue(scannable[i], out var simplified)) scannable[i] = simplified;
        return new string(scannable);
    }

    /// <summary>Whether a scannable text has all words of a search: Latin ones as words, others wherever they stand.</summary>
    public static bool Scan(string scannable, string query) => Scan(scannable, Words(query));

    /// <inheritdoc cref="Scan(string, string)"/>
    public static bool Scan(string scannable, string[] words) => Array.TrueForAll(words, word => Has(scannable, word));

    /// <summary>The words of a search, as they are scanned for.</summary>
    public static string[] Words(string query) => Scannable(query).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool Has(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
            if (!(IsLatin(word[0]) && at > 0 && IsLatin(text[at - 1])) && !(IsLatin(word[^1]) && at + word.Length < text.Length && IsLatin(text[at + word.Length])))
                return true;
        return false;
    }

    private static string? Word(Random random, string text)
    {
        var start = random.Next(text.Length);
        if (!char.IsLetterOrDigit(text[start]) || char.IsSurrogate(text[start])) return null;
        if (IsLatin(text[start]))
        {
            var end = start;
            while (start > 0 && IsLatin(text[start - 1])) start--;
            while (end < text.Length && IsLatin(text[end])) end++;
            return end - start <= 8 ? text[start..end] : null;
        }

        var length = random.Next(1, 9);
        var to = start;
        while (to < text.Length && to - start < length && char.IsLetterOrDigit(text[to]) && !IsLatin(text[to]) && !char.IsSurrogate(text[to])) to++;

        // A half-width voicing mark belongs to the letter before it.
        return to < text.Length && text[to] is 'ﾞ' or 'ﾟ' || text[start] is 'ﾞ' or 'ﾟ' ? null : text[start..to];
    }

    private static string Varied(string text, Random random) => random.Next(8) switch
    {
        0 => string.Concat(text.Select(c => Traditional.GetValueOrDefault(c, c))),
        1 => string.Concat(text.Select(c => c is > ' ' and <= '~' && IsLatin(c) ? (char)(c + 0xFEE0) : c)),
        2 => text.ToUpper(CultureInfo.InvariantCulture),
        _ => text,
    };

    private static bool IsLatin(char c) => c < 0x2E80 && char.IsLetterOrDigit(c) || c is >= '０' and <= 'ｚ' && char.IsLetterOrDigit(c);

    private string Sentence(Random random) => random.Next(3) == 0 ? _chinese[random.Next(_chinese.Count)] : _others[random.Next(_others.Count)];

    private static IEnumerable<string> SentencesOf(string text) =>
        text.Split(['。', '.', '！', '？', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(part => part.Length is > 8 and < 300);

    // Whatever stands between tags and is a Chinese sentence, as far as the file is UTF-8.
    private static IEnumerable<string> ChineseOf(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*.html", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let page = File.ReadAllText(file)
        where !page.Contains('\uFFFD', StringComparison.Ordinal)
        from line in WebUtility.HtmlDecode(Tag().Replace(page, "\n")).Split('\n', StringSplitOptions.TrimEntries)
        where line.Count(c => c is >= '\u4E00' and <= '\u9FFF') * 2 > line.Length
        from sentence in SentencesOf(line)
        select sentence;

    [GeneratedRegex("<(?:script|style)[^>]*>.*?</(?:script|style)>|<[^>]+>", RegexOptions.Singleline | RegexOptions.CultureInvariant, 5_000)]
    private static partial Regex Tag();
}
