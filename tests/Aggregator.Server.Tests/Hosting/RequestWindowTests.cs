using Aggregator.Server.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Aggregator.Server.Tests.Hosting;

public sealed class RequestWindowTests : IDisposable
{
    private readonly RequestWindow _window = new(2, TimeSpan.FromHours(1));

    public void Dispose() => _window.Dispose();

    [Fact]
    public void One_request_too_many_is_told_how_long_to_wait_and_hinders_nobody_else()
    {
        Assert.Null(_window.Begin("anna"));
        Assert.Null(_window.Begin("anna"));
        Assert.InRange(_window.Begin("anna")!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Null(_window.Begin("bert"));
    }

    [Fact]
    public void An_answer_that_refuses_says_when_to_ask_again()
    {
        var context = new DefaultHttpContext();
        Assert.True(_window.Admit(context, "anna") && _window.Admit(context, "anna"));
        Assert.Equal(0, context.Response.Headers.RetryAfter.Count);
        Assert.False(_window.Admit(context, "anna"));
        Assert.InRange(int.Parse(context.Response.Headers.RetryAfter!, System.Globalization.CultureInfo.InvariantCulture), 3_540, 3_600);
    }
}
