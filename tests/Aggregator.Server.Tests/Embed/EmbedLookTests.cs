using Aggregator.Server.Browse;
using Aggregator.Server.Embed;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace Aggregator.Server.Tests.Embed;

public sealed class EmbedLookTests
{
    [Fact]
    public void Reads_what_it_writes()
    {
        var look = new EmbedLook
        {
            Layout = EmbedLayout.Cards,
            Count = 50,
            Theme = EmbedTheme.Dark,
            Accent = "aa00ff",
            Language = SiteLanguage.English,
            Images = true,
            Excerpts = true,
        };
        Assert.True(EmbedLook.TryRead(Query(look.ToQuery()), out var read, out _));
        Assert.Equal(look, read);
        Assert.Equal("", new EmbedLook().ToQuery());
    }

    [Theory]
    [InlineData("?count=0", "count")]
    [InlineData("?count=51", "count")]
    [InlineData("?count=1e9", "count")]
    [InlineData("?count=99999999999999999999", "count")]
    [InlineData("?count=-1", "count")]
    [InlineData("?accent=javascript:alert(1)", "accent")]
    [InlineData("?accent=red;}body{display:none", "accent")]
    [InlineData("?accent=12345", "accent")]
    [InlineData("?layout=<script>", "layout")]
    [InlineData("?layout=1", "layout")]
    [InlineData("?theme=Dark", "theme")]
    [InlineData("?lang=tlh", "lang")]
    [InlineData("?images=yes", "images")]
    [InlineData("?excerpt=1&excerpt=1", "excerpt")]
    public void Refuses_a_value_that_is_not_allowed_and_names_its_parameter(string query, string parameter)
    {
        Assert.False(EmbedLook.TryRead(Query(query), out var look, out var fault));
        Assert.Equal(parameter, fault);
        Assert.Equal(new EmbedLook(), look);
    }

    [Theory]
    [InlineData("?accent=%23ABC", "aabbcc")]
    [InlineData("?accent=1F5f8b&utm_source=x", "1f5f8b")]
    public void Takes_a_colour_as_people_write_it(string query, string accent)
    {
        Assert.True(EmbedLook.TryRead(Query(query), out var look, out _));
        Assert.Equal(accent, look.Accent);
    }

    private static QueryCollection Query(string query) => new(QueryHelpers.ParseQuery(query));
}
