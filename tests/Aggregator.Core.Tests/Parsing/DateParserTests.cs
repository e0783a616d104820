using System.Globalization;
using Aggregator.Core.Parsing;
using Xunit;

namespace Aggregator.Core.Tests.Parsing;

public sealed class DateParserTests
{
    private static readonly DateTimeOffset Now = new(2026, 9, 5, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateContext Context = new() { FetchedAt = Now };

    [Theory]
    [InlineData("Sat, 05 Sep 2026 06:00:00 Eastern Daylight Time", "2026-09-05T10:00:00Z")]
    [InlineData("Sat Sep 05 2026 18:00:00 GMT+0800 (China Standard Time)", "2026-09-05T10:00:00Z")]
    [InlineData("Sat Sep 05 2026 18:00:00 GMT+8", "2026-09-05T10:00:00Z")]
    [InlineData("2026-09-05 18:00:00 +0800 CST", "2026-09-05T10:00:00Z")]
    [InlineData("2026-09-05T10Z", "2026-09-05T10:00:00Z")]
    [InlineData("20260905100000", "2026-09-05T10:00:00Z")]
    [InlineData("202609051800 +0800", "2026-09-05T10:00:00Z")]
    [InlineData("2026-W36-6T10:00:00Z", "2026-09-05T10:00:00Z")]
    [InlineData("2026W366", "2026-09-05T00:00:00Z")]
    [InlineData("2026-W54-1", null)]
    [InlineData("二〇二六年九月五日", "2026-09-05T00:00:00Z")]
    [InlineData("二零二六年十二月二十五日 10:00", "2026-12-25T10:00:00Z")]
    [InlineData("2026年9月5日 星期三 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("令和8年9月5日 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("民國115年9月5日", "2026-09-05T00:00:00Z")]
    [InlineData("/Date(1788602400000+0800)/", "2026-09-05T10:00:00Z")]
    [InlineData("/Date(x)/", null)]
    [InlineData("@1788602400", "2026-09-05T10:00:00Z")]
    [InlineData("5 Xyz 2026", null)]
    [InlineData("9/2026", "2026-09-01T00:00:00Z")]
    [InlineData("il y a 3 heures", "2026-09-05T09:00:00Z")]
    [InlineData("il y a une heure", "2026-09-05T11:00:00Z")]
    [InlineData("a day ago", "2026-09-04T12:00:00Z")]
    [InlineData("an hour ago", "2026-09-05T11:00:00Z")]
    [InlineData("hace una hora", "2026-09-05T11:00:00Z")]
    public void Reads_rarer_forms(string text, string? expected) =>
        Assert.Equal(
            expected is null ? null : DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            DateParser.Parse(text, new DateContext { FetchedAt = new DateTimeOffset(2026, 9, 5, 12, 0, 0, TimeSpan.Zero) }));

    [Theory]
    // RFC 822 and its abuse.
    [InlineData("Sat, 05 Sep 2026 10:00:00 GMT", "2026-09-05T10:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 10:00:00 +0800", "2026-09-05T02:00:00Z")]
    [InlineData("Sat, 5 Sep 2026 10:00:00 -0130", "2026-09-05T11:30:00Z")]
    [InlineData("Mon, 05 Sep 2026 10:00:00 GMT", "2026-09-05T10:00:00Z")]
    [InlineData("05 Sep 26 10:00 EST", "2026-09-05T15:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 10:00:00 EDT", "2026-09-05T14:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 10:00:00 PDT", "2026-09-05T17:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 10:00:00 CST", "2026-09-05T16:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 24:00:00 GMT", "2026-09-06T00:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 10:00 GMT", "2026-09-05T10:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 10:00:00", "2026-09-05T10:00:00Z")]
    [InlineData("Sat, 05 Sep 2026", "2026-09-05T00:00:00Z")]
    [InlineData("Sat, 05 Sep 99 10:00:00 GMT", "1999-09-05T10:00:00Z")]
    [InlineData("Sat,  5 Sep 2026 10:00:00 +08:00", "2026-09-05T02:00:00Z")]
    [InlineData("Sat, 05 Sep 2026 10:00:00 GMT+8", "2026-09-05T02:00:00Z")]
    [InlineData("Sat, Sep 5 2026 10:00:00 GMT", "2026-09-05T10:00:00Z")]
    [InlineData("September 5, 2026 10:00 AM", "2026-09-05T10:00:00Z")]
    [InlineData("Sep 5, 2026, 2:30 p.m.", "2026-09-05T14:30:00Z")]
    [InlineData("5 September 2026 12:30 am", "2026-09-05T00:30:00Z")]
    // ISO 8601.
    [InlineData("2026-09-05T10:00:00Z", "2026-09-05T10:00:00Z")]
    [InlineData("2026-09-05T10:00:00.123+08:00", "2026-09-05T02:00:00Z")]
    [InlineData("2026-09-05T10:00:00+0800", "2026-09-05T02:00:00Z")]
    [InlineData("2026-09-05T10:00+08:00", "2026-09-05T02:00:00Z")]
    [InlineData("2026-09-05 10:00:00", "2026-09-05T10:00:00Z")]
    [InlineData("2026-09-05", "2026-09-05T00:00:00Z")]
    [InlineData("2026-09", "2026-09-01T00:00:00Z")]
    [InlineData("2026", "2026-01-01T00:00:00Z")]
    [InlineData("20260905T100000Z", "2026-09-05T10:00:00Z")]
    [InlineData("20260905", "2026-09-05T00:00:00Z")]
    [InlineData("2026-248", "2026-09-05T00:00:00Z")]
    // asctime and Unix times.
    [InlineData("Sat Sep  5 10:00:00 2026", "2026-09-05T10:00:00Z")]
    [InlineData("Sat Sep 05 10:00:00 +0000 2026", "2026-09-05T10:00:00Z")]
    [InlineData("1788602400", "2026-09-05T10:00:00Z")]
    [InlineData("1788602400000", "2026-09-05T10:00:00Z")]
    // Orders and names of other languages.
    [InlineData("2026年9月5日 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("2026年09月05日10时05分", "2026-09-05T10:05:00Z")]
    [InlineData("2026年9月5日 下午3:05", "2026-09-05T15:05:00Z")]
    [InlineData("2026年9月5日", "2026-09-05T00:00:00Z")]
    [InlineData("2026/9/5 10:00:00", "2026-09-05T10:00:00Z")]
    [InlineData("2026.09.05 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("2026년 9월 5일 오후 3:05", "2026-09-05T15:05:00Z")]
    [InlineData("2026-szeptember-5T10:00+02:00", "2026-09-05T08:00:00Z")]
    [InlineData("Σαβ, 05 Σεπ 2026 10:00:00 GMT", "2026-09-05T10:00:00Z")]
    [InlineData("Sa., 05. September 2026 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("5. März 2026, 10:00 Uhr", "2026-03-05T10:00:00Z")]
    [InlineData("sam., 05 sept. 2026 10:00:00 +0200", "2026-09-05T08:00:00Z")]
    [InlineData("mar., 4 août 2026 10:00:00 GMT", "2026-08-04T10:00:00Z")]
    [InlineData("5 de septiembre de 2026 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("05 set 2026 10:00:00 -0300", "2026-09-05T13:00:00Z")]
    [InlineData("Сб, 05 сентября 2026 10:00:00 +0300", "2026-09-05T07:00:00Z")]
    [InlineData("05.09.2026 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("09/05/2026 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("25/09/2026 10:00", "2026-09-25T10:00:00Z")]
    // Relative to the fetch.
    [InlineData("昨天 10:32", "2026-09-04T10:32:00Z")]
    [InlineData("前天", "2026-09-03T00:00:00Z")]
    [InlineData("今天 08:00", "2026-09-05T08:00:00Z")]
    [InlineData("3小时前", "2026-09-05T09:00:00Z")]
    [InlineData("3 小时前", "2026-09-05T09:00:00Z")]
    [InlineData("15分钟前", "2026-09-05T11:45:00Z")]
    [InlineData("2天前", "2026-09-03T12:00:00Z")]
    [InlineData("半小时前", "2026-09-05T11:30:00Z")]
    [InlineData("刚刚", "2026-09-05T12:00:00Z")]
    [InlineData("3 hours ago", "2026-09-05T09:00:00Z")]
    [InlineData("an hour ago", "2026-09-05T11:00:00Z")]
    [InlineData("yesterday", "2026-09-04T00:00:00Z")]
    [InlineData("3時間前", "2026-09-05T09:00:00Z")]
    [InlineData("9月5日 10:00", "2026-09-05T10:00:00Z")]
    [InlineData("12月31日", "2025-12-31T00:00:00Z")]
    public void Reads_dates_as_publishers_write_them(string text, string expected) =>
        Assert.Equal(expected, DateParser.Parse(text, Context)?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("soon")]
    [InlineData("Sat, 31 Feb 2026 10:00:00 GMT")]
    [InlineData("2026-13-05")]
    [InlineData("2026-09-31T10:00:00Z")]
    [InlineData("2026-09-05T25:00:00Z")]
    [InlineData("2026-09-05T10:61:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("0000-00-00 00:00:00")]
    [InlineData("10:32")]
    [InlineData("42")]
    [InlineData("99999999999999999999999999")]
    [InlineData("1 2 3 4 5 6 7 8 9 10 11 12")]
    [InlineData("2026年13月5日")]
    public void Makes_no_date_of_what_is_none(string text) => Assert.Null(DateParser.Parse(text, Context));

    [Fact]
    public void Reads_CST_as_China_in_a_Chinese_feed() =>
        Assert.Equal(new DateTimeOffset(2026, 9, 5, 2, 0, 0, TimeSpan.Zero), DateParser.Parse("Sat, 05 Sep 2026 10:00:00 CST", Context with { Language = "zh-CN" }));

    [Theory]
    [InlineData("Asia/Shanghai")]
    [InlineData("+08:00")]
    [InlineData("+0800")]
    public void Uses_the_zone_of_the_source_when_the_date_names_none(string zone)
    {
        var context = Context with { DefaultZone = DateZones.Find(zone) };
        var expected = new DateTimeOffset(2026, 9, 5, 2, 0, 0, TimeSpan.Zero);
        Assert.Equal(expected, DateParser.Parse("2026-09-05 10:00:00", context));
        Assert.Equal(expected, DateParser.Parse("2026年9月5日 10:00", context));
        Assert.Equal(expected, DateParser.Parse("2026-09-05T02:00:00Z", context));
    }

    [Fact]
    public void Counts_yesterday_in_the_zone_of_the_source()
    {
        // At 20:00 UTC it is already the 6th in Shanghai.
        var context = new DateContext { FetchedAt = new DateTimeOffset(2026, 9, 5, 20, 0, 0, TimeSpan.Zero), DefaultZone = DateZones.Find("Asia/Shanghai") };
        Assert.Equal(new DateTimeOffset(2026, 9, 5, 2, 32, 0, TimeSpan.Zero), DateParser.Parse("昨天 10:32", context));
    }

    [Fact]
    public void Keeps_fractions_of_a_second() =>
        Assert.Equal(new DateTimeOffset(2026, 9, 5, 10, 0, 0, 125, TimeSpan.Zero), DateParser.Parse("2026-09-05T10:00:00.125Z", Context));

    [Fact]
    public void Looks_at_no_text_that_is_longer_than_a_date() =>
        Assert.Null(DateParser.Parse("2026-09-05" + new string(' ', 10) + new string('x', ParserLimits.MaxDateLength), Context));
}
