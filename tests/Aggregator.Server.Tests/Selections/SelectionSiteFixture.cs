using Aggregator.Server.Tests.Browse;
using Xunit;

namespace Aggregator.Server.Tests.Selections;

/// <summary>A site with the samples that many visitors of one address may change their selections on.</summary>
public sealed class SelectionSiteFixture : IAsyncLifetime
{
    internal RunningSite Site { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Site = await RunningSite.StartWithSamplesAsync(("Subscriptions:WritesPerMinute", "10000"), ("Search:RequestsPerMinute", "10000"));

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
