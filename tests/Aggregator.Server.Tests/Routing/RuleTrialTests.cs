using System.Globalization;
using Aggregator.Core.Model;
using Aggregator.Core.Stores;
using Aggregator.Server.Tests.Testing;
using AngleSharp.Html.Parser;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Routing;

public sealed class RuleTrialTests
{
    private const int Entries = 230;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/hangfire/categories/1/rules")]
    [InlineData("/hangfire/sources/1/rules")]
    public async Task Of_more_than_two_hundred_entries_the_last_two_hundred_are_tried_and_nothing_is_changed(string owner)
    {
        var now = TimeProvider.System.GetUtcNow();
        await using var server = await InProcessServer.StartAsync((services, _) => FillAsync(services, now), Ct);
        using var admin = await server.SignInAsync();
        await admin.GetAsync(owner);
        var before = await StoreContents.ReadAtRestAsync(server.StoreFile, Ct);
        var page = new HtmlParser().ParseDocument((await admin.SubmitAsync(owner, ("command", "try"), ("rules", "title matches \"^Entry [0-9]+$\" then drop"))).Html);
        Assert.Contains("200 of 200 entries. Nothing was changed.", page.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        // In the order of lists, newest first; entry 0 is the newest.
        Assert.Equal(Enumerable.Range(0, 200).Select(number => $"Entry {number}"), page.QuerySelectorAll(".aggregator-page tbody tr").Select(row => row.QuerySelector("a")!.TextContent));
        Assert.Equal(before, await StoreContents.ReadAtRestAsync(server.StoreFile, Ct));
    }

    private static async Task FillAsync(IServiceProvider services, DateTimeOffset now)
    {
        var category = await services.GetRequiredService<ICategoryStore>().AddAsync(new Category { Id = 0, Slug = "world", Title = "World", Language = "en" }, Ct);
        var sources = services.GetRequiredService<ISourceStore>();
        var id = (await sources.AddAsync(new NewSource { Url = "https://example.org/feed", CategoryIds = [category.Id] }, now, Ct)).Id;
        var source = await sources.ClaimAsync(id, "test", now, now.AddMinutes(5), Ct);
        Assert.True(await services.GetRequiredService<IRefreshStore>().SaveAsync(
            new RefreshWrite
            {
                Source = source! with { NextFetchAt = now.AddHours(1) },
                LeaseOwner = "test",
                At = now,
                // Stored in another order than they stand in lists.
                Added = [.. Enumerable.Range(0, Entries).OrderBy(number => number * 7919 % Entries).Select(number => new Entry
                {
                    Key = number.ToString(CultureInfo.InvariantCulture),
                    Title = $"Entry {number}",
                    PublishedAt = now.AddMinutes(-1 - number),
                    ContentHash = BitConverter.GetBytes(number),
                })],
            },
            Ct));
    }
}
