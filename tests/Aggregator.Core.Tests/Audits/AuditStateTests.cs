using System.Text.Json;
using Aggregator.Core.Audits;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Xunit;

namespace Aggregator.Core.Tests.Audits;

public sealed class AuditStateTests
{
    [Fact]
    public void Says_what_it_was_in_readable_JSON()
    {
        Assert.Null(AuditState.Of(null));
        Assert.Equal("""{"title":"国内 & <b>","state":"paused","minInterval":"00:05:00"}""",
            AuditState.Of(new { Title = "国内 & <b>", State = SourceState.Paused, Nothing = (string?)null, MinInterval = TimeSpan.FromMinutes(5) }));
        Assert.Throws<ArgumentException>(() => AuditState.Of("text"));
    }

    [Fact]
    public void Never_holds_a_secret()
    {
        var settings = new FetchSettings
        {
            Headers = [new RequestHeader("X-Key", "hunter2-header")],
            Cookies = "session=hunter2-cookie",
            UserName = "anna",
            Password = "hunter2-password",
            Proxy = "http://proxy.example:3128",
        };
        var json = AuditState.Of(new
        {
            Url = "https://anna:hunter2-user@example.org/feed?token=hunter2-query",
            Urls = new[] { "see https://a:hunter2-inline@example.org/" },
            FetchSettings = settings,
            PasswordHash = "hunter2-hash",
            Inner = new { ApiToken = new { Value = "hunter2-token" } },
        })!;

        Assert.DoesNotContain("hunter2", json, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(json);
        Assert.Equal("https://example.org/feed?…", document.RootElement.GetProperty("url").GetString());
        Assert.Equal("X-Key", document.RootElement.GetProperty("fetchSettings").GetProperty("headers")[0].GetProperty("name").GetString());
        Assert.Equal("anna", document.RootElement.GetProperty("fetchSettings").GetProperty("userName").GetString());
        Assert.Equal(AuditState.Masked, document.RootElement.GetProperty("fetchSettings").GetProperty("password").GetString());
    }

    [Fact]
    public void Is_bounded_whatever_was_changed()
    {
        var many = AuditState.Of(new { Ids = Enumerable.Range(0, 100_000) })!;
        Assert.EndsWith("""49,"… (+99950)"]}""", many, StringComparison.Ordinal);

        var wide = AuditState.Of(Enumerable.Range(0, 60).ToDictionary(i => "p" + i, i => new string('x', 100_000)))!;
        Assert.InRange(wide.Length, 1, AuditedChange.MaxStateLength);
        using var document = JsonDocument.Parse(wide);
        Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
    }
}
