using System.Text;
using System.Text.RegularExpressions;
using AngleSharp.Dom;

namespace Aggregator.Core.Extracting;

/// <summary>
/// Takes away what Chinese publishers set inside the container of the text, before and behind it: what the page said of the
/// article already, promotion, disclaimers, credits (kept apart), lists of other articles.
/// </summary>
internal static partial class BodyEdges
{
    /// <summary>The most lines that are taken away before the text.</summary>
    private const int MaxPreface = 30;

    /// <summary>How much text makes a body begin: after so many characters nothing is a preface any more.</summary>
    private const int Opening = 40;

    /// <summary>What may stand behind a heading of other articles or a disclaimer to be cut with it, in characters.</summary>
    private const int Appendix = 500;

    internal static void Trim(IElement body, string title, string? dateLine)
    {
        foreach (var link in body.QuerySelectorAll("a").ToList())
            if (HomeLink().IsMatch(PageLines.Collapse(link.TextContent)))
                link.Remove();

        var units = Units(body);
        Front(units, Headline.Key(title), dateLine is null ? null : Headline.Key(dateLine));
        Back([.. units.Where(static unit => !unit.IsRemoved)]);
        Plugs(units);
        foreach (var unit in units.Where(static unit => unit.IsRemoved)) unit.Detach(body);
    }

    /// <summary>The same for languages of words, with far less: a heading of other articles at the end, with its links.</summary>
    internal static void TrimRelated(IElement body)
    {
        var units = Units(body);
        var before = 0;
        for (var i = 0; i < units.Count; i++)
        {
            if (before > 500 && units[i].IsHeading && RelatedWords().IsMatch(units[i].Start) && i + 1 < units.Count && units.Skip(i + 1).All(static other => other.IsLinks || other.Text.Length == 0))
            {
                foreach (var unit in units.Skip(i)) unit.Detach(body);
                return;
            }

            before += units[i].Text.Length;
        }
    }

    private static void Front(List<Unit> units, string title, string? dateLine)
    {
        var isAfterRelated = false;
        int seen = 0, removed = 0;
        foreach (var unit in units)
        {
            if (seen >= Opening || removed == MaxPreface) break;
            if (unit.Text.Length == 0) continue;
            var key = Headline.Key(unit.Text);
            var isRelated = RelatedHeading().IsMatch(unit.Start);
            if (key == title || key == dateLine || isRelated || FrontNoise().IsMatch(unit.Start) || IsPromotion(unit.Text)
                || (unit.Text.Length <= 80 && DateOnly().IsMatch(unit.Start) && Attribution.IsCreditLine(unit.Text)) || (isAfterRelated && unit.IsLinks)
                || (unit.IsLinks && LinkPlug().IsMatch(unit.Start)))
            {
                unit.Remove();
                removed++;
                isAfterRelated |= isRelated;
                continue;
            }

            isAfterRelated = false;
            seen += unit.Text.Length;
        }
    }

    private static void Back(List<Unit> units)
    {
        var before = 0;
        for (var i = 0; i < units.Count; i++)
        {
            var unit = units[i];
            if (before >= Opening && (Ending().IsMatch(unit.Start) || RelatedHeading().IsMatch(unit.Start) || (Attribution.IsCreditLine(unit.Text) && !unit.HasImage)))
            {
                var isEnding = Ending().IsMatch(unit.Start);
                var behind = units.Skip(i + 1).Where(static other => !other.IsLinks).ToList();
                var rest = behind.Sum(static other => other.Text.Length);
                // Credits and lists may stand in the middle: behind a real ending no paragraph follows.
                var goesOn = !isEnding && behind.Exists(static other => other.Text.Length >= 60 && !Ending().IsMatch(other.Start) && !IsPromotion(other.Text));
                if (!goesOn && rest <= Math.Max(Appendix, before * 3 / 10) && rest <= before * 4)
                {
                    foreach (var other in units.Skip(i)) other.Remove();
                    return;
                }

                unit.Remove();
                for (var j = i + 1; j < units.Count && units[j].IsLinks && units[j].Text.Length > 0; j++) units[j].Remove();
                continue;
            }

            // A heading that leads elsewhere begins a list, unless paragraphs follow.
            if (before >= Opening && unit.IsLinks && unit.IsHeading && !units.Skip(i + 1).Any(static other => other.Text.Length >= 60 || other.Text is [.., '。' or '！' or '？' or '”']))
            {
                foreach (var other in units.Skip(i)) other.Remove();
                return;
            }

            if (!unit.IsLinks) before += unit.Text.Length;
        }

        // Lists of other articles: a link, its date, perhaps a picture that is a link too.
        var isList = false;
        for (var i = units.Count - 1; i >= 0; i--)
        {
            var unit = units[i];
            if (unit.IsRemoved) continue;
            var isLink = unit.IsLinks && unit.Text.Length < 80 && (!unit.HasImage || isList);
            var isNoise = unit.Text.Length == 0 ? isList && unit.IsInLink : isLink || BackNoise().IsMatch(unit.Start) || IsPromotion(unit.Text) || unit.Text.Length <= 24 && LoneDate().IsMatch(unit.Start);
            if (!isNoise) return;
            isList |= isLink || LoneDate().IsMatch(unit.Start);
            unit.Remove();
        }
    }

    /// <summary>Lines between paragraphs that are a link and say so.</summary>
    private static void Plugs(List<Unit> units)
    {
        foreach (var unit in units)
            if (!unit.IsRemoved && unit.IsLinks && !unit.HasImage && unit.Text.Length <= 60 && LinkPlug().IsMatch(unit.Start))
                unit.Remove();
    }

    /// <summary>Whether a line is the heading of a list of other articles.</summary>
    internal static bool IsRelatedHeading(string text) => RelatedHeading().IsMatch(text);

    private static bool IsPromotion(string text) => text.Length <= 200 && Promotion().Count(text) >= 2;

    /// <summary>The lines of a body with the nodes that make them.</summary>
    private static List<Unit> Units(IElement body)
    {
        List<Unit> units = [];
        var current = new Unit();
        Visit(body);
        Flush();
        return units;

        void Flush()
        {
            if (current.Nodes.Count == 0) return;
            current.Close();
            if (current.Text.Length > 0 || current.HasImage) units.Add(current);
            current = new Unit();
        }

        void Visit(IElement element)
        {
            foreach (var child in element.ChildNodes.ToList())
            {
                if (child is IElement { LocalName: "br" })
                {
                    current.Nodes.Add(child);
                    Flush();
                }
                else if (child is IElement { LocalName: "figure" or "pre" or "video" or "audio" } whole)
                {
                    Flush();
                    current.Nodes.Add(whole);
                    Flush();
                }
                else if (child is IElement inner && (PageLines.IsBlock(inner) || inner.QuerySelector("br, p, div, li, h1, h2, h3, h4, table, figure") is not null))
                {
                    Flush();
                    Visit(inner);
                    Flush();
                }
                else
                {
                    current.Nodes.Add(child);
                }
            }
        }
    }

    [GeneratedRegex(@"^(?:>>)?(?:点击|安装|打开|下载).{0,30}(?:进入|查看|观看|下载|客户端|APP|专题|链接|关注)|^分享(?:到|至)|^用微信扫|^扫[码一]|^字号|^打印|^举报|^收藏|^(?:您?当前|您所在的)位置|^首页\s*[>＞»]|^点击.{0,20}(?:[>＞»]{1,2}|蓝字|关注)|^点上方|^↑|^关注我们|^阅读数|^\d+\s*(?:评论|跟贴)?$|^听(?:新闻|报道|全文)|^语音播报|^全文\d+字|^阅读约?需?\d+分钟|^划重点[:：]?$", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex FrontNoise();

    [GeneratedRegex(@"^[\[【（(>]*\s*(?:相关(?:新闻|阅读|报道|推荐|文章|链接|专题|搜索|资讯)|延伸阅读|推荐阅读|扩展阅读|往期(?:回顾|精彩|推荐|文章)|为[您你]推荐|猜[您你]喜欢|[您你]可能(?:会|也)?(?:感兴趣|喜欢)|热门(?:推荐|文章|评论|新闻|阅读)|精彩推荐|精彩评论|编辑推荐|最新(?:文章|新闻|评论|资讯)|作者最新文章|更多(?:精彩|新闻|阅读|猛料|内容|报道)|此前报道|新闻推荐|今日热点|今日推荐|大家都在看)\s*[\]】）)]*\s*(?:[:：>＞↓▼].*)?$", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex RelatedHeading();

    [GeneratedRegex(
        @"^[\[【（(*※■●▲▼\s]*(?:免责(?:声明|条款)|特别(?:声明|提示|说明)|版权(?:声明|说明|归)|法律声明|郑重声明|权利声明|转载(?:声明|请(?:注明|联系)|须知)|声明\s*[:：]|未经(?:授权|许可|书面)|凡(?:本网|本站|注明)|本(?:文|稿|网站?|站)(?:仅代表|版权|系|已标注|来自澎湃|图文|转载|内容).{0,40}(?:观点|立场|所有|转载|授权|原创|新闻|处理|删除)|以上内容(?:为|仅|\(|（|系)|更多(?:原创|精彩|猛料|资讯|内容).{0,20}(?:下载|关注|扫|请)|扫描?(?:下方|上方|左方|右方|文末|图中|二维码|描|一扫|码)|长按(?:识别|二维码|图片|下方)|(?:欢迎|敬请|点击)?(?:关注|加入|添加)(?:我们|公众号|.{0,20}(?:微信|微博|公众号|视频号|抖音号|头条号))|用微信扫|微信扫|分享(?:到|至|本文|文章|让)|点击进入专题|点击(?:下方|查看|阅读)?(?:原文|更多|“阅读原文”)|阅读原文|正文已结束|上一篇|下一篇|上一页|下一页|返回(?:首页|列表|搜狐|腾讯|新浪)|标签\s*[:：]|关键[词字]\s*[:：>]|文章关键词|举报(?:文章|此|电话|邮箱|投诉)|违法和?不良信息|网友评论|全部评论|发表评论|我要评论|评论区|查看更多|责任编辑|【?纠错】?|觉得.{0,8}(?:不错|有用|好看).{0,10}(?:点|请|转)|喜欢.{0,8}(?:点赞|在看|收藏)|点个?在看|END$|-\s*END\s*-|—\s*完\s*—|精彩视频|（?本文由.{0,20}(?:发布|提供|原创|整理))",
        RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Ending();

    [GeneratedRegex(@"^[\s+\d]{1,8}$|^(?:赞|点赞|推荐|喜欢|收藏|阅读|浏览|分享|转发|评论|打赏|举报|打印|关闭|顶|踩|图集|我要反馈)[\s\d:：+]*(?:[次人])?$|^(?:【\d+】\s*){2,}|^(?:\d+\s+){2,}|^(?:上|下)一(?:篇|页)|^标签|^关键[词字]|^图集$|^原标题$|^[※…]|^\W{1,6}$", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex BackNoise();

    [GeneratedRegex(@"免费试用|免费试玩|下载.{0,10}(?:客户端|APP)|客户端.{0,10}下载|专享福利|二维码|公众号|官方微信|官方微博|微信号|每日推送|扫码|扫描|领取|优惠券|开户|回复【|点击菜单|阅读原文|加入.{0,6}群|报名|立即(?:购买|下载|注册|开户)|第一时间(?:接收|获取|免费)|关注.{0,10}(?:微信|公众号|我们)", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex Promotion();

    [GeneratedRegex(@"^[\[【]?(?:图文)?直播|^点击|^专题|^视频\s*[:：]|^更多|^相关|^详细|^查看|^进入|^报名|^预约|^购买|^推荐|^下载|^戳|^回顾|^链接|^延伸|[>＞»]{1,2}\s*$|进入专题|查看详情|立即|此前报道", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex LinkPlug();

    [GeneratedRegex(@"^返回.{0,10}(?:首页|列表|频道)|^(?:>>)?\s*返回", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex HomeLink();

    [GeneratedRegex(@"^(?:related|more on this|more from|more stories|read more|recommended|you (?:may|might) (?:also )?like|popular|trending|latest|topics|tags)\b", RegexOptions.IgnoreCase, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex RelatedWords();

    [GeneratedRegex(@"(?:19|20)\d\d[-/.年]\d", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex DateOnly();

    [GeneratedRegex(@"^(?:(?:19|20)?\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}日?(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?$", RegexOptions.None, ExtractionLimits.MatchMilliseconds)]
    private static partial Regex LoneDate();

    /// <summary>One line of the body.</summary>
    private sealed class Unit
    {
        internal List<INode> Nodes { get; } = [];

        internal string Text { get; private set; } = "";

        /// <summary>As much of the text as a rule looks at.</summary>
        internal string Start => Text.Length <= ExtractionLimits.MaxLineLength ? Text : Text[..ExtractionLimits.MaxLineLength];

        internal bool HasImage { get; private set; }

        internal bool IsLinks { get; private set; }

        /// <summary>Whether its picture leads to another page.</summary>
        internal bool IsInLink { get; private set; }

        internal bool IsHeading { get; private set; }

        internal bool IsRemoved { get; private set; }

        internal void Remove() => IsRemoved = true;

        internal void Close()
        {
            var text = new StringBuilder();
            var linked = 0;
            foreach (var node in Nodes)
            {
                text.Append(node.TextContent);
                if (node is not IElement element) continue;
                HasImage |= element.LocalName == "img" || element.QuerySelector("img") is not null;
                linked += element.LocalName == "a" ? PageLines.Collapse(element.TextContent).Length : element.QuerySelectorAll("a").Sum(static link => PageLines.Collapse(link.TextContent).Length);
            }

            IsInLink = Nodes.Exists(static node => node is IElement element && (element.LocalName == "a" || element.QuerySelector("a img") is not null)) || Nodes[0].ParentElement?.Closest("a") is not null;
            IsHeading = Nodes[0].ParentElement?.Closest("h1, h2, h3, h4, h5, h6") is not null;
            // A line inside a link is one.
            Text = PageLines.Collapse(text.ToString());
            IsLinks = Text.Length > 0 && (linked * 10 >= Text.Length * 8 || Nodes[0].ParentElement?.Closest("a") is not null);
        }

        private static bool IsBlank(INode parent)
        {
            foreach (var node in parent.Descendants())
                if (node is IText text ? text.Data.AsSpan().Trim().Length > 0 : node is IElement { LocalName: "img" or "video" or "audio" or "br" })
                    return false;
            return true;
        }

        internal void Detach(IElement body)
        {
            foreach (var node in Nodes)
            {
                var parent = node.ParentElement;
                parent?.RemoveChild(node);
                // What held nothing else goes with it.
                while (parent is not null && parent != body && IsBlank(parent))
                {
                    var outer = parent.ParentElement;
                    parent.Remove();
                    parent = outer;
                }
            }
        }
    }
}
