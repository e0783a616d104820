using Aggregator.Core.Normalizing;
using Aggregator.Server.Browse;
using AngleSharp.Html.Parser;
using Xunit;

namespace Aggregator.Server.Tests.Browse;

public sealed class ArticleBodyTests
{
    private static readonly Uri Base = new("https://news.example.org/");

    [Fact]
    public void Pictures_wait_and_tell_nobody_and_films_fetch_nothing_by_themselves()
    {
        var stored = new ContentSanitizer().Sanitize(
            """
            <p>Words <img src="/a.jpg" alt="a <img src=x> in words" loading="eager" referrerpolicy="unsafe-url" width="4" height="3"><img src=/b.jpg>
            <video src="/c.mp4" poster="/c.jpg" preload="auto" autoplay></video><audio controls preload="auto"><source src="/d.mp3"></audio></p>
            """, Base)!;
        var body = new HtmlParser().ParseDocument(ArticleBody.Of(stored).Value).Body!;
        Assert.Equal(2, body.QuerySelectorAll("img").Length);
        Assert.All(body.QuerySelectorAll("img"), picture =>
            Assert.Equal(("lazy", "async", "no-referrer"), (picture.GetAttribute("loading"), picture.GetAttribute("decoding"), picture.GetAttribute("referrerpolicy"))));
        Assert.Equal(("a <img src=x> in words", "4", "3"), (body.QuerySelector("img")!.GetAttribute("alt"), body.QuerySelector("img")!.GetAttribute("width"), body.QuerySelector("img")!.GetAttribute("height")));
        Assert.Equal(["none", "none"], body.QuerySelectorAll("video, audio").Select(film => film.GetAttribute("preload")));
    }
}
