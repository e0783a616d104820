using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Aggregator.Core.Normalizing;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// What of a text makes a version: what it says, where it links, what it shows. White space, markup, the sizes and cache
/// busters of pictures, tracking parameters, lines that only count comments or views, advertisements and counting pixels do not.
/// </summary>
internal static partial class VersionText
{
    // Printable ASCII but the space. (A set of all of Han besides it would be searched far slower than the two one after the other.)
    private static readonly SearchValues<char> PlainAscii = SearchValues.Create([.. Enumerable.Range(0x21, 0x7F - 0x21).Select(c => (char)c)]);

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    // Markers in the text that is hashed. No text holds them: normalising drops controls.
    private const char LinkMark = '\u0001';
    private const char PictureMark = '\u0002';
    private const char FileMark = '\u0003';
    private const char EditMark = '\u0004';

    /// <summary>
    /// Bodies longer than this, in characters, are compared as they stand: no article is that long, and looking for the noise
    /// in one would cost several times its memory.
    /// </summary>
    private const int MaxBodyLength = 512 * 1024;

    /// <summary>A line that counts is short; a longer one is text that mentions a number.</summary>
    private const int MaxCounterLength = 80;

    // Networks whose links and pictures are advertisements or counters, by the end of their host's name.
    private static readonly string[] Advertisers =
    [
        "2mdn.net", "adnxs.com", "adsrvr.org", "amazon-adsystem.com", "buysellads.net", "carbonads.net", "cnzz.com", "cpro.baidu.com",
        "criteo.com", "doubleclick.net", "feedads.g.doubleclick.net", "feedsportal.com", "flattr.com", "googleadservices.com", "googlesyndication.com",
        "hm.baidu.com", "media.net", "mmstat.com", "moatads.com", "outbrain.com", "pheedo.com", "pos.baidu.com", "pubmatic.com", "quantserve.com",
        "rubiconproject.com", "scorecardresearch.com", "stats.wordpress.com", "pixel.wp.com", "taboola.com", "tanx.com", "tracking.feedpress.com", "zedo.com",
    ];

    // Parameters of pictures and files that make a cache fetch again, sign the address for a while, or choose a size.
    private static readonly FrozenSet<string> Busters = FrozenSet.ToFrozenSet(
        [
            "_", "auth_key", "auto", "cache", "cachebust", "cachebuster", "cb", "crop", "dpr", "expires", "ext", "fit", "fm", "format", "h", "hash", "height",
            "imageview2", "imagemogr2", "key-pair-id", "mtime", "nonce", "policy", "q", "quality", "r", "rand", "random", "resize", "rev", "rnd", "s", "se", "sig",
            "sign", "signature", "size", "sp", "sr", "ssl", "st", "strip", "sv", "t", "tick", "time", "timestamp", "token", "tp", "ts", "updated", "v", "ver",
            "version", "w", "width", "wxfrom", "wx_co", "wx_fmt", "wx_lazy", "x-oss-process", "zoom",
        ], StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Buster = Busters.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Appends a title or a name: white space collapsed, quotation marks made one.</summary>
    internal static void AppendLine(CharBuffer to, string text)
    {
        AppendFolded(to, text, last: ' ');
        to.TrimEnd();
    }

    /// <summary>Appends the address of a picture or file: no scheme, no number of the mirror, nothing that busts caches, signs or sizes.</summary>
    internal static void AppendAddress(CharBuffer address, string whole)
    {
        var url = UrlCleaner.WithoutTracking(whole).AsSpan();
        var schemeEnd = url.IndexOf("://", StringComparison.Ordinal);
        if (schemeEnd >= 0) url = url[(schemeEnd + 3)..];
        var hash = url.IndexOf('#');
        if (hash >= 0) url = url[..hash];
        var question = url.IndexOf('?');
        var path = question < 0 ? url : url[..question];
        var hostEnd = path.IndexOf('/');
        AppendHost(address, hostEnd < 0 ? path : path[..hostEnd]);
        if (hostEnd >= 0) address.Append(path[hostEnd..]);
        if (question < 0) return;

        var separator = '?';
        var query = url[(question + 1)..];
        foreach (var range in query.Split('&'))
        {
            var parameter = query[range];
            if (parameter.StartsWith("amp;")) parameter = parameter[4..];
            var end = parameter.IndexOfAny('=', '/');
            var name = end < 0 ? parameter : parameter[..end];
            if (name.Length == 0 || Buster.Contains(name) || name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase) || IsNumber(parameter)) continue;
            address.Append(separator);
            address.Append(parameter);
            separator = '&';
        }
    }

    /// <summary>Appends the body, which has passed our sanitiser: every tag is one of ours and whole.</summary>
    /// <param name="to">An empty one.</param>
    /// <param name="html">The body.</param>
    internal static void AppendBody(CharBuffer to, string html)
    {
        if (html.Length > MaxBodyLength)
        {
            to.Append(html);
            return;
        }

        var body = new Body(to);
        for (var i = 0; i < html.Length;)
        {
            if (html[i] != '<')
            {
                var next = html.IndexOf('<', i);
                if (next < 0) next = html.Length;
                body.Text(html.AsSpan(i, next - i));
                i = next;
                continue;
            }

            var end = EndOfTag(html, i);
            body.Tag(html.AsSpan(i, end - i));
            i = end;
        }

        body.Finish();
    }

    private static int EndOfTag(string html, int start)
    {
        var quoted = false;
        for (var i = start + 1; i < html.Length; i++)
        {
            if (html[i] == '"') quoted = !quoted;
            else if (html[i] == '>' && !quoted) return i + 1;
        }

        return html.Length;
    }

    /// <summary>
    /// Appends text with its white space collapsed. Between Chinese or Japanese characters, where no space stands, it goes
    /// altogether; a publisher's formatter puts it there and takes it away.
    /// </summary>
    private static void AppendFolded(CharBuffer to, ReadOnlySpan<char> text, char last)
    {
        while (text.Length > 0)
        {
            // Most of a text is runs of plain characters.
            var run = text.IndexOfAnyExcept(PlainAscii);
            if (run == 0) run = text.IndexOfAnyExceptInRange('\u4E00', '\u9FFF');
            if (run < 0) run = text.Length;
            if (run > 0)
            {
                if (last == ' ' && IsWide(text[0])) to.TrimEnd();
                to.Append(text[..run]);
                last = text[run - 1];
                text = text[run..];
                continue;
            }

            var c = text[0];
            text = text[1..];
            if (char.IsWhiteSpace(c))
            {
                if (last == ' ' || IsWide(last)) continue;
                to.Append(last = ' ');
                continue;
            }

            if (c < ' ' || CharUnicodeInfo.GetUnicodeCategory(c) == UnicodeCategory.Format) continue;
            if (last == ' ' && IsWide(c)) to.TrimEnd();
            to.Append(last = c switch
            {
                '\u2018' or '\u2019' or '\u201B' or '\u2032' => '\'',
                '\u201C' or '\u201D' or '\u201F' or '\u2033' => '"',
                '\u2010' or '\u2011' => '-',
                _ => c,
            });
        }
    }

    // Han, kana, and the punctuation and full forms that go with them; surrogates stand for the rest of Han (and for emoji, which need no space either).
    private static bool IsWide(char c) => c is (>= '\u2E80' and <= '\uA4CF') or (>= '\uD800' and <= '\uDFFF') or (>= '\uF900' and <= '\uFAFF') or (>= '\uFE30' and <= '\uFE4F') or (>= '\uFF00' and <= '\uFFEF');

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');

    private static bool IsAdvertiser(ReadOnlySpan<char> url)
    {
        var start = url.IndexOf("//") + 2;
        if (start < 2) return false;
        var host = url[start..];
        var end = host.IndexOfAny('/', '?', ':');
        if (end >= 0) host = host[..end];
        foreach (var advertiser in Advertisers)
            if (host.EndsWith(advertiser, StringComparison.OrdinalIgnoreCase) && (host.Length == advertiser.Length || host[^(advertiser.Length + 1)] == '.'))
                return true;
        return false;
    }

    // "12 comments", "Comments (3)", "评论(12)", "1.2万阅读", "阅读 1,234 评论 5 点赞 6", "Leave a comment": nothing but such phrases.
    [GeneratedRegex(
        """
        ^(?:[\s|·•,，;；/\-–—]*(?:
              (?:\d[\d.,]*\s*(?:k|m|万|萬|亿|億)?\+?\s*)(?:new\s+)?(?:comments?|repl(?:y|ies)|responses?|views?|reads?|likes?|shares?|votes?|points?|reactions?|retweets?|条评论|條評論|条回复|則留言|个评论|个回复|次阅读|次浏览|人阅读|人浏览|人点赞|阅读|阅讀|閱讀|浏览|瀏覽|评论|評論|回复|回覆|点赞|赞|讚|转发|分享|收藏|跟贴|跟帖|参与|人参与)
            | (?:comments?|repl(?:y|ies)|responses?|views?|reads?|likes?|shares?|votes?|points?|阅读量?|閱讀量?|浏览量?|瀏覽量?|点击量?|點擊量?|评论数?|評論數?|回复数?|点赞数?|转发数?|分享数?|收藏数?|跟贴|人气|人氣|热度)\s*[(（\[:：]?\s*\d[\d.,]*\s*(?:k|m|万|萬|亿|億)?\+?\s*(?:次|条|條|人)?\s*[)）\]]?
            | (?:no\s+comments?|leave\s+a\s+(?:comment|reply)|add\s+(?:a\s+)?comments?|暂无评论|暫無評論|发表评论|發表評論|我要评论)
        ))+[\s|·•,，;；/\-–—]*$
        """,
        RegexOptions.IgnorePatternWhitespace | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Counter();

    /// <summary>The host without the number of a mirror: img3.example.com, i2.wp.com and p26-sign.example.com are one of many.</summary>
    private static void AppendHost(CharBuffer to, ReadOnlySpan<char> host)
    {
        var letters = host.IndexOfAnyExcept(Letters);
        var digits = letters < 0 ? -1 : host[letters..].IndexOfAnyExceptInRange('0', '9');
        if (letters is < 1 or > 8 || digits is < 1 or > 3 || host[letters + digits] is not ('.' or '-'))
        {
            to.Append(host);
            return;
        }

        to.Append(host[..letters]);
        to.Append(host[(letters + digits)..]);
    }

    /// <summary>A body as it is gathered, line by line: only whole lines can be told to be counters.</summary>
    private ref struct Body(CharBuffer body)
    {
        private readonly CharBuffer _line = CharBuffer.Rent();
        private readonly CharBuffer _marks = CharBuffer.Rent();
        private int _advertisement;

        public void Text(ReadOnlySpan<char> raw)
        {
            if (_advertisement > 0) return;
            AppendFolded(_line, raw.Contains('&') ? HtmlReferences.Decode(raw.ToString()) : raw, _line.LastOr(' '));
        }

        public void Tag(ReadOnlySpan<char> tag)
        {
            var isEnd = tag.Length > 1 && tag[1] == '/';
            var name = tag[(isEnd ? 2 : 1)..];
            var nameEnd = name.IndexOfAny(" />");
            if (nameEnd >= 0) name = name[..nameEnd];
            if (_advertisement > 0)
            {
                if (name is "a") _advertisement += isEnd ? -1 : 1;
                return;
            }

            switch (name)
            {
                case "a" when !isEnd:
                    var href = Attribute(tag, " href=\"");
                    if (href is not null && IsAdvertiser(href)) _advertisement = 1;
                    else if (href is not null) Mark(LinkMark, href);
                    break;
                case "img" when Attribute(tag, " src=\"") is { } picture:
                    if (!IsAdvertiser(picture) && Attribute(tag, " width=\"") is not ("0" or "1") && Attribute(tag, " height=\"") is not ("0" or "1"))
                        Mark(PictureMark, picture);
                    break;
                case "video" or "audio" or "source" when Attribute(tag, " src=\"") is { } file:
                    Mark(FileMark, file);
                    break;
                case "del" or "ins" or "s" or "strike":
                    _line.Append([EditMark, name[0], isEnd ? '/' : ' ']);
                    break;
            }

            if (!HtmlNames.IsInline(name) || name is "wbr") EndLine(name is "img" or "picture" or "source" or "wbr");
        }

        public void Finish()
        {
            EndLine(isInline: false);
            body.TrimEnd();
            _line.Return();
            _marks.Return();
        }

        private void Mark(char mark, string address)
        {
            _marks.Append(mark);
            AppendAddress(_marks, address);
        }

        private void EndLine(bool isInline)
        {
            // A picture stands inside a line; what follows it is on the same.
            if (isInline) return;
            _line.TrimEnd();
            var line = _line.Text;
            if (line.Length > MaxCounterLength || line.Length == 0 || !Counter().IsMatch(line))
            {
                if (line.Length > 0)
                {
                    // A line's end is white space like any other.
                    var last = body.LastOr(' ');
                    if (last != ' ' && !IsWide(last) && !IsWide(line[0])) body.Append(' ');
                    body.Append(line);
                }

                body.Append(_marks.Text);
            }

            _line.Clear();
            _marks.Clear();
        }

        private static string? Attribute(ReadOnlySpan<char> tag, string name)
        {
            var start = tag.IndexOf(name, StringComparison.Ordinal);
            if (start < 0) return null;
            var value = tag[(start + name.Length)..];
            var end = value.IndexOf('"');
            return HtmlReferences.Decode((end < 0 ? value : value[..end]).ToString());
        }
    }
}
