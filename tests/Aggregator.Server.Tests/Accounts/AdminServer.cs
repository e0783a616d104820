using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Server.Tests.Accounts;

/// <summary>The real program with the admin <c>anna</c>, for the tests of a class: none of them undoes what the others rely on.</summary>
public sealed class AdminServer : IAsyncLifetime
{
    /// <summary>Anna's password.</summary>
    public const string Sentence = "four lamps on the quay";

    private readonly TemporaryFolder _folder = new();
    private RunningAggregator? _server;

    internal RunningAggregator Server => _server!;

    public Uri Address => Server.Http.BaseAddress!;

    public string DataFolder => _folder.File("data");

    public async ValueTask InitializeAsync()
    {
        _server = await RunningAggregator.StartAsync(
            _folder.Path, CancellationToken.None, "--Aggregator:Catalogue=", "--Accounts:MaxFailuresPerAddress=1000", "--Api:RequestsPerMinute=100000");
        using var browser = new FormBrowser(Address);
        await Server.Process.WaitForLineAsync(line => line.Contains("/setup?token=", StringComparison.Ordinal), TimeSpan.FromSeconds(30), CancellationToken.None);
        var setup = Server.Process.StandardOutput.Single(line => line.Contains("/setup?token=", StringComparison.Ordinal)).Split(' ')[^1];
        await browser.GetAsync(setup);
        var made = await browser.SubmitAsync("/setup", ("name", "anna"), ("password", Sentence), ("password-again", Sentence));
        if (made.Path != "/hangfire") throw new InvalidOperationException("Anna could not be made:\n" + made.Html);
    }

    /// <summary>A browser in which somebody is signed in.</summary>
    internal async Task<FormBrowser> SignInAsync(string name = "anna", string password = Sentence)
    {
        var browser = new FormBrowser(Address);
        await browser.GetAsync("/sign-in");
        var signedIn = await browser.SubmitAsync("/sign-in", ("name", name), ("password", password));
        Assert.Equal("/hangfire", signedIn.Path);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
        _folder.Dispose();
    }
}
