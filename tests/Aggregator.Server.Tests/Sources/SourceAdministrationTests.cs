using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Sources;
using Aggregator.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Sources;

public sealed class SourceAdministrationTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private SourceAdministration Administration => server.Services.GetRequiredService<SourceAdministration>();

    [Fact]
    public async Task What_is_done_to_many_at_once_is_on_record_with_how_each_was_and_is()
    {
        var categories = await server.Services.GetRequiredService<ICategoryStore>().ListAsync(Ct);
        var world = categories.Single(category => category.Slug == "world").Id;
        var other = categories.First(category => category.Slug != "world");
        var one = await AddAsync("https://bulk-one.example/", world);
        var two = await AddAsync("https://bulk-two.example/");
        await Administration.ApplyAsync(new SourceSelection.Chosen([two]), SourceAction.Pause, null, "anna", Ct);

        await IsOnRecordAsync(SourceAction.Pause, null, 1, ("active", "world"), ("paused", ""), ("paused", "world"), ("paused", ""));
        await IsOnRecordAsync(SourceAction.Resume, null, 2, ("paused", "world"), ("paused", ""), ("active", "world"), ("active", ""));
        await IsOnRecordAsync(SourceAction.Refresh, null, 2, ("active", "world"), ("active", ""), ("active", "world"), ("active", ""));
        await IsOnRecordAsync(SourceAction.Move, other.Id, 2, ("active", "world"), ("active", ""), ("active", other.Slug), ("active", other.Slug));
        await IsOnRecordAsync(SourceAction.Delete, null, 2, ("active", other.Slug), ("active", other.Slug), ("deleted", other.Slug), ("deleted", other.Slug));
        await IsOnRecordAsync(SourceAction.Restore, null, 2, ("deleted", other.Slug), ("deleted", other.Slug), ("active", other.Slug), ("active", other.Slug));

        async Task IsOnRecordAsync(
            SourceAction action, long? categoryId, int changed, (string, string) firstBefore, (string, string) secondBefore, (string, string) firstAfter, (string, string) secondAfter)
        {
            Assert.Equal(changed, await Administration.ApplyAsync(new SourceSelection.Chosen([one, two]), action, categoryId, "anna", Ct));
            var record = (await server.Services.GetRequiredService<IAuditStore>().ListAsync(string.Create(CultureInfo.InvariantCulture, $"sources:{one},{two}"), null, 1, Ct))[0].Change;
            Assert.Equal(("anna", "source." + action.ToString().ToLowerInvariant()), (record.Actor, record.Action));
            Assert.Equal($$"""{"sources":[{{Place(one, firstBefore)}},{{Place(two, secondBefore)}}]}""", record.Before);
            Assert.Equal($$"""{"changed":{{changed}},"sources":[{{Place(one, firstAfter)}},{{Place(two, secondAfter)}}]}""", record.After);
        }
    }

    private static string Place(long id, (string State, string Category) place) => string.Create(
        CultureInfo.InvariantCulture, $$"""{"id":{{id}},"state":"{{place.State}}","categories":[{{(place.Category.Length == 0 ? "" : $"\"{place.Category}\"")}}]}""");

    private async Task<long> AddAsync(string url, params long[] categories) => (await server.Services.GetRequiredService<ISourceStore>().AddAsync(
        new NewSource { Url = url, CategoryIds = categories }, TimeProvider.System.GetUtcNow(), Ct)).Id;
}
