namespace Aggregator.Server.Publish;

/// <summary>
/// What a person sees who opens a feed in a browser: what this is and what to do with it, then titles, dates and addresses. It is CSS and
/// not XSLT, because browsers are removing XSLT, and because a stylesheet cannot run anything.
/// </summary>
internal static class FeedStylesheet
{
    /// <summary>The stylesheet of Atom and RSS feeds.</summary>
    public const string Css = """
        @namespace ag url("http://purl.org/rss/1.0/modules/aggregation/");
        :root { color-scheme: light dark; display: block; max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 4rem;
          font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; overflow-wrap: anywhere; }
        :root::before { display: block; margin-bottom: 1.5rem; padding: .75rem 1rem; border: 1px solid #8886; border-radius: .5rem;
          white-space: pre-line;
          content: "这是一个订阅源。把地址栏里的地址复制到阅读器，即可订阅。\A This is a feed. Copy this page's address into a feed reader to subscribe."; }
        feed > *, channel > *, entry > *, item > *, entry > source > * { display: none; }
        rss > channel { display: block; }
        feed > title, channel > title { display: block; font-size: 1.6rem; font-weight: 700; line-height: 1.3; }
        feed > subtitle, channel > description { display: block; opacity: .75; }
        feed > entry, channel > item { display: flex; flex-wrap: wrap; column-gap: 1rem; margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid #8884; }
        entry > title, item > title { display: block; order: 1; flex: 0 0 100%; font-weight: 600; font-size: 1.1rem; }
        entry > source, item > source { display: block; order: 2; font-size: .85rem; opacity: .75; }
        entry > source > title { display: inline; }
        entry > published, item > pubDate { display: block; order: 3; font-size: .85rem; opacity: .75; }
        entry > summary { display: block; order: 4; flex: 0 0 100%; }
        entry > link[rel="alternate"], item > link:not([rel]) { display: block; order: 5; flex: 0 0 100%; font-size: .85rem; opacity: .75; }
        entry > link[rel="alternate"]::before { content: attr(href); }
        entry > ag|source, item > ag|source { display: none; }
        """;
}
