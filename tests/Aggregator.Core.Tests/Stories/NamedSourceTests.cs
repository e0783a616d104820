using Aggregator.Core.Stories;
using Xunit;

namespace Aggregator.Core.Tests.Stories;

public sealed class NamedSourceTests
{
    [Theory]
    [InlineData("转自：新华社", "新华社")]
    [InlineData("本文转载自《人民日报》，作者张三", "人民日报")]
    [InlineData("转载于 澎湃新闻", "澎湃新闻")]
    [InlineData("（转发自光明网）", "光明网")]
    [InlineData("摘自《读者》", "读者")]
    [InlineData("轉載自：聯合報", "聯合報")]
    [InlineData("2026-03-01 08:00 来源：中国新闻网 责任编辑：李四", "中国新闻网")]
    [InlineData("資料來源｜中央社", "中央社")]
    [InlineData("稿源: 央视网", "央视网")]
    [InlineData("出处：财新", "财新")]
    [InlineData("出典：朝日新聞", "朝日新聞")]
    [InlineData("転載元: 毎日新聞", "毎日新聞")]
    [InlineData("Source: Reuters", "Reuters")]
    [InlineData("(SOURCE: Harbour Post)", "Harbour Post")]
    [InlineData("Via The Harbour Post", "The Harbour Post")]
    [InlineData("— via Reuters", "Reuters")]
    [InlineData("This article was originally published on The Conversation.", "The Conversation")]
    [InlineData("First appeared in Nature, 2024", "Nature")]
    [InlineData("Republished with permission from Grist", "Grist")]
    [InlineData("The post Ten tips appeared first on Harbour Post.", "Harbour Post")]
    [InlineData("图片来源：视觉中国", null)]
    [InlineData("They travelled via road and rail", null)]
    [InlineData("The sources of the river were found by the first party", null)]
    [InlineData("水源充足", null)]
    [InlineData("来源", null)]
    [InlineData("", null)]
    public void Reads_the_source_that_a_line_names(string line, string? expected) => Assert.Equal(expected, NamedSource.In(line));

    [Fact]
    public void A_paragraph_names_it_only_where_it_begins_or_ends()
    {
        var words = string.Concat(Enumerable.Repeat("港口新城今起试运行数字孪生调度系统，", 10));

        Assert.Equal("新华社", NamedSource.In("来源：新华社。" + words));
        Assert.Equal("新华社", NamedSource.In(words + "（来源：新华社）"));
        Assert.Null(NamedSource.In(words + "来源：新华社。" + words));
    }
}
