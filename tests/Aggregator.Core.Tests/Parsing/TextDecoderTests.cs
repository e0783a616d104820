using System.Text;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class TextDecoderTests
{
    private const string Chinese = "中国国内的新闻报道和评论文章，以及世界各地的消息。";

    public TextDecoderTests() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("gb2312", 54936, "gb18030")]
    [InlineData("GBK", 54936, "gb18030")]
    [InlineData("big5", 950, "big5")]
    [InlineData("windows-1251", 1251, "windows-1251")]
    [InlineData("koi8-r", 20866, "koi8-r")]
    [InlineData("Shift_JIS", 932, "shift_jis")]
    [InlineData("euc-jp", 51932, "euc-jp")]
    [InlineData("euc-kr", 949, "euc-kr")]
    [InlineData("ISO-8859-1", 1252, "windows-1252")]
    public void Reads_what_the_declaration_says_as_the_web_means_it(string label, int codePage, string name)
    {
        var text = codePage switch
        {
            54936 => Chinese,
            950 => "這是一段繁體中文的新聞報導，來自台灣。",
            1251 or 20866 => "Новости дня: сегодня в Москве хорошая погода",
            932 or 51932 => "今日のニュースをお伝えします。東京は晴れです。",
            949 => "오늘의 뉴스를 전해 드립니다. 서울은 맑습니다.",
            _ => "Café à la carte – déjà vu, naïve façade",
        };
        var document = $"<?xml version=\"1.0\" encoding=\"{label}\"?><rss><t>{text}</t></rss>";
        var decoded = TextDecoder.Decode(Encoding.GetEncoding(codePage).GetBytes(document));
        Assert.Equal(name, decoded.Encoding);
        Assert.Contains(text, decoded.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ISO-8859-1")]
    [InlineData("gb2312")]
    [InlineData("us-ascii")]
    public void Believes_valid_UTF8_more_than_a_wrong_label(string label)
    {
        var bytes = Encoding.UTF8.GetBytes($"<?xml version=\"1.0\" encoding=\"{label}\"?><rss>{Chinese}</rss>");
        var decoded = TextDecoder.Decode(bytes);
        Assert.Equal("utf-8", decoded.Encoding);
        Assert.Null(decoded.Text);
        Assert.Equal(bytes.Length, decoded.Utf8.Length);
        Assert.NotNull(decoded.Repair);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Finds_UTF16_with_and_without_its_mark(bool bigEndian, bool mark)
    {
        var encoding = new UnicodeEncoding(bigEndian, mark);
        byte[] bytes = [.. encoding.GetPreamble(), .. encoding.GetBytes($"<?xml version=\"1.0\" encoding=\"utf-8\"?><rss><title>{Chinese}</title></rss>")];
        var decoded = TextDecoder.Decode(bytes);
        Assert.Equal(bigEndian ? "utf-16be" : "utf-16le", decoded.Encoding);
        Assert.Contains(Chinese, decoded.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_UTF8_whose_declaration_says_UTF16()
    {
        var decoded = TextDecoder.Decode(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"utf-16\"?><rss>" + Chinese + "</rss>"));
        Assert.Equal("utf-8", decoded.Encoding);
    }

    [Fact]
    public void Goes_by_the_HTTP_charset_before_the_declaration()
    {
        var bytes = Encoding.GetEncoding(54936).GetBytes("<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss>" + Chinese + "</rss>");
        Assert.Equal("gb18030", TextDecoder.Decode(bytes, "text/xml; charset=\"GB2312\"").Encoding);
    }

    [Fact]
    public void Goes_by_the_override_of_the_source_before_everything()
    {
        var bytes = Encoding.GetEncoding(1251).GetBytes("<?xml version=\"1.0\" encoding=\"koi8-r\"?><rss>Новости</rss>");
        var decoded = TextDecoder.Decode(bytes, "text/xml; charset=koi8-r", "windows-1251");
        Assert.Equal("windows-1251", decoded.Encoding);
        Assert.Contains("Новости", decoded.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1252, "Le président a déclaré à l’Assemblée que « rien n’était décidé » : la forêt brûle où naît l’été")]
    [InlineData(1252, "A decisão do governo não agradou à oposição, que promete novas manifestações em São Paulo")]
    [InlineData(1252, "¿Qué pasó? El niño, la señora y el pingüino: ¡mañana habrá más información sobre España!")]
    [InlineData(1252, "Größe, Änderung, Übermäßig – „Straße“ für ältere Bürger, schöne Grüße aus München")]
    [InlineData(1252, "Rødgrød med fløde på bordet; blåbærsyltetøy og smør, ære og sælg, båd og gård")]
    [InlineData(1250, "Příliš žluťoučký kůň úpěl ďábelské ódy. Česká vláda schválila návrh rozpočtu na příští rok.")]
    [InlineData(28592, "Zażółć gęślą jaźń. Rząd przyjął projekt ustawy o ochronie środowiska, która wejdzie w życie od stycznia.")]
    [InlineData(1250, "Árvíztűrő tükörfúrógép. A kormány elfogadta a jövő évi költségvetést, amelyről a képviselők szavaznak.")]
    [InlineData(1251, "Правительство утвердило проект бюджета на следующий год, сообщает агентство новостей.")]
    [InlineData(1253, "Η κυβέρνηση ενέκρινε τον προϋπολογισμό για το επόμενο έτος, ανακοίνωσε ο υπουργός.")]
    [InlineData(949, "정부는 내년도 예산안을 승인했다고 장관이 발표했다. 국회는 다음 달에 표결한다.")]
    [InlineData(932, "政府は来年度の予算案を承認したと大臣が発表しました。国会は来月に採決します。")]
    [InlineData(950, "政府通過明年度預算案，部長今天宣布。立法院將於下個月進行表決，各界關注。")]
    public void Guesses_what_nothing_declares_by_the_words_that_are_not_English(int codePage, string text)
    {
        var document = $"<rss version=\"2.0\"><channel><title>News of the day</title><link>http://example.org/</link><item><title>{text}</title><description>{text} {text}</description></item></channel></rss>";
        Assert.Contains($"<title>{text}</title>", TextDecoder.Decode(Encoding.GetEncoding(codePage).GetBytes(document)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Guesses_Chinese_that_nothing_declares()
    {
        var bytes = Encoding.GetEncoding(54936).GetBytes("<rss><channel><title>" + Chinese + Chinese + "</title></channel></rss>");
        var decoded = TextDecoder.Decode(bytes);
        Assert.Equal("gb18030", decoded.Encoding);
        Assert.NotNull(decoded.Repair);
    }

    [Fact]
    public void Reads_broken_bytes_in_UTF8_one_by_one()
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes("<rss>für Brücken und Häuser "), 0x93, .. "quoted"u8, 0x94, .. "</rss>"u8];
        var decoded = TextDecoder.Decode(bytes);
        Assert.Equal("utf-8", decoded.Encoding);
        Assert.Contains("für Brücken und Häuser “quoted”", decoded.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_windows_letters_under_a_Latin_label()
    {
        byte[] bytes = [.. "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><rss>it"u8, 0x92, .. "s 5 "u8, 0x80, .. "</rss>"u8];
        Assert.Contains("it’s 5 €", TextDecoder.Decode(bytes).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_the_characters_of_Hong_Kong()
    {
        byte[] bytes = [.. "<?xml version=\"1.0\" encoding=\"Big5-HKSCS\"?><rss>"u8, 0xA4, 0xA4, 0xA4, 0xE5, 0x9D, 0xEE, 0x9D, 0xF8, 0x9D, 0xEF, .. "</rss>"u8];
        Assert.Contains("中文㗎啲嘅", TextDecoder.Decode(bytes).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_Big5_where_code_page_950_has_private_characters()
    {
        // 推广 with a radical of Eten, kana, one of HKSCS-2008, one that code page 950 has elsewhere, and a letter of two characters.
        byte[] bytes = [.. "<?xml version=\"1.0\" encoding=\"Big5\"?><rss>"u8, 0xB1, 0xC0, 0xC6, 0xCE, 0xC6, 0xE7, 0x87, 0x7A, 0x8E, 0x69, 0x88, 0x62, .. "</rss>"u8];
        Assert.Contains("推广ぁ㡵箸Ê̄<", TextDecoder.Decode(bytes).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1133, "\u00CA\u0304")]
    [InlineData(1135, "\u00CA\u030C")]
    [InlineData(1164, "\u00EA\u0304")]
    [InlineData(1166, "\u00EA\u030C")]
    public void Reads_the_four_pointers_of_Big5_that_are_two_characters(int pointer, string expected)
    {
        // Encoding Standard §12.1.1: pointer = (lead − 0x81) × 157 + trail − (0x40 or 0x62).
        var trail = pointer % 157;
        byte[] bytes = [.. "<?xml version=\"1.0\" encoding=\"Big5\"?><rss>"u8, (byte)(0x81 + pointer / 157), (byte)(trail + (trail < 0x3F ? 0x40 : 0x62)), .. "</rss>"u8];
        Assert.Contains($"<rss>{expected}</rss>", TextDecoder.Decode(bytes).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_Japanese_in_seven_bits()
    {
        var bytes = Encoding.GetEncoding(50220).GetBytes("<rss><title>今日のニュース</title></rss>");
        Assert.Contains("今日のニュース", TextDecoder.Decode(bytes).Text, StringComparison.Ordinal);
    }
}
