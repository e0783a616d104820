using System.Globalization;
using Aggregator.Testing;
using Xunit;

namespace Hangfire.Storage.SQLite.Tests;

public sealed class IdleTests : IDisposable
{
    private const double MostOfACore = 0.005;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_idle_server_uses_less_than_half_a_percent_of_a_core()
    {
        using var host = HostProcess.Start("idle", _folder.File("jobs.db"), "60");
        var share = double.Parse((await host.ReadLineAsync())!, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{share:P3} of a core"));
        Assert.InRange(share, 0, MostOfACore);
    }
}
