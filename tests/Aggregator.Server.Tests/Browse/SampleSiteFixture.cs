using Xunit;

namespace Aggregator.Server.Tests.Browse;

/// <summary>One site with the samples for all tests of a class that change nothing in it.</summary>
public sealed class SampleSiteFixture : IAsyncLifetime
{
    internal RunningSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Site = await RunningSite.StartWithSamplesAsync(
        ("Site:Contact:Zh", "editor@example.org"), ("Site:Contact:En", "https://example.org/contact"),
        ("Site:Operator:Zh", "滨海数字图书馆"), ("Site:Operator:En", "Harbour Digital Library"), ("Search:RequestsPerMinute", "10000"));

    public async ValueTask DisposeAsync() => await Site.DisposeAsync();
}
