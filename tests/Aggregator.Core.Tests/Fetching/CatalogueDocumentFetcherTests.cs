using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Testing;
using Xunit;

namespace Aggregator.Core.Tests.Fetching;

public sealed class CatalogueDocumentFetcherTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _catalogue;

    public CatalogueDocumentFetcherTests()
    {
        _catalogue = Directory.CreateDirectory(_folder.File("feeds")).FullName;
        Directory.CreateDirectory(Path.Combine(_catalogue, "samples"));
        File.WriteAllText(Path.Combine(_catalogue, "samples", "news.xml"), "<rss/>");
        File.WriteAllText(_folder.File("secret.txt"), "secret");
    }

    [Fact]
    public async Task Reads_a_document_beside_the_list_and_knows_it_again()
    {
        var address = CatalogueDocumentFetcher.AddressOf(_catalogue, Path.Combine(_catalogue, "samples.opml"), "samples/news.xml");
        Assert.Equal("catalogue:samples/news.xml", address);
        var fetched = Assert.IsType<FetchResult.Fetched>(await FetchAsync(address!));
        Assert.Equal("<rss/>"u8.ToArray(), fetched.Document.Body.ToArray());
        Assert.IsType<FetchResult.NotModified>(await FetchAsync(address!, fetched.Document.Validators));
    }

    [Theory]
    [InlineData("../secret.txt"), InlineData("samples/../../secret.txt"), InlineData("/etc/passwd"), InlineData(""), InlineData("."), InlineData("..")]
    [InlineData("samples/news.xml\0.txt")]
    public async Task Names_nothing_outside_the_folder(string path)
    {
        Assert.Null(CatalogueDocumentFetcher.AddressOf(_catalogue, Path.Combine(_catalogue, "samples.opml"), path));
        var failed = Assert.IsType<FetchResult.Failed>(await FetchAsync("catalogue:" + path));
        Assert.Equal(FetchFailureKind.TargetRefused, failed.Failure.Kind);
    }

    [Fact]
    public async Task Follows_no_link_that_leads_out()
    {
        File.CreateSymbolicLink(Path.Combine(_catalogue, "link.xml"), _folder.File("secret.txt"));
        Directory.CreateSymbolicLink(Path.Combine(_catalogue, "out"), _folder.Path);
        foreach (var path in (string[])["link.xml", "out/secret.txt"])
        {
            Assert.Null(CatalogueDocumentFetcher.AddressOf(_catalogue, Path.Combine(_catalogue, "samples.opml"), path));
            Assert.Equal(FetchFailureKind.TargetRefused, Assert.IsType<FetchResult.Failed>(await FetchAsync("catalogue:" + path)).Failure.Kind);
        }
    }

    [Fact]
    public async Task Says_that_a_document_is_missing() =>
        Assert.Equal(FetchFailureKind.DocumentMissing, Assert.IsType<FetchResult.Failed>(await FetchAsync("catalogue:samples/gone.xml")).Failure.Kind);

    public void Dispose() => _folder.Dispose();

    private Task<FetchResult> FetchAsync(string address, Validators? validators = null) =>
        new CatalogueDocumentFetcher(_catalogue, new FetchingOptions(), TimeProvider.System)
            .FetchAsync(new FetchRequest(address, validators), TestContext.Current.CancellationToken);
}
