using System.IO.Compression;
using Aggregator.Browser.Tests.Browse;
using Aggregator.Server.Tests.EndToEnd;
using Aggregator.Testing;
using Microsoft.Playwright;
using Xunit;

namespace Aggregator.Browser.Tests.Dashboard;

/// <summary>
/// A whole day of an admin in the real program and a real browser, from an empty database: every page of the dashboard that is ours, in both
/// languages, looked at by axe and kept as pictures at two widths.
/// </summary>
public sealed class AdminDayTests(Browsers browsers, ITestOutputHelper output)
{
    private const string Harbour = "港口 Harbour";

    private const string Valley = "山谷 Valley";

    [Theory]
    [InlineData("zh-CN", "从零开始的一天")]
    [InlineData("en-GB", "A day from nothing")]
    public async Task An_admin_runs_the_site_for_a_day(string locale, string title)
    {
        Assert.SkipUnless(Browsers.AreInstalled, Browsers.IsMissing);
        var cancellation = TestContext.Current.CancellationToken;
        await using var upstream = await AdminDayUpstream.StartAsync();
        using var folder = new TemporaryFolder();
        await using var server = await RunningAggregator.StartAsync(
            folder.Path, cancellation, "--Aggregator:Catalogue=", "--Fetching:AllowedTargets:0=127.0.0.0/8", "--Fetching:PerHostGap=00:00:00", "--Fetching:PerHostConcurrency=8",
            "--Metrics:Token=s3cret-of-the-operator");
        await using var visit = await browsers.VisitAsync(server.Http.BaseAddress!, locale);
        var desk = await AdminDesk.OpenAsync(visit, locale);
        await desk.SetUpAsync(server);

        await StepAsync(MakesCategoriesAsync(desk, title), nameof(MakesCategoriesAsync));
        await StepAsync(AddsTwentyAsync(desk, upstream, server, cancellation), nameof(AddsTwentyAsync));
        await StepAsync(FindsWhatIsBrokenAsync(desk), nameof(FindsWhatIsBrokenAsync));
        await StepAsync(MendsOneAsync(desk, upstream), nameof(MendsOneAsync));
        await StepAsync(MovesPausesAndDeletesAsync(desk), nameof(MovesPausesAndDeletesAsync));
        await StepAsync(RoutesAsync(desk), nameof(RoutesAsync));
        await StepAsync(KeepsAndTakesDownAsync(desk), nameof(KeepsAndTakesDownAsync));
        await StepAsync(ImportsAndExportsAsync(desk, upstream, folder, cancellation), nameof(ImportsAndExportsAsync));
        await StepAsync(MakesAccountsAsync(desk, server, locale), nameof(MakesAccountsAsync));
        await StepAsync(LooksBackAsync(desk, cancellation), nameof(LooksBackAsync));
        await StepAsync(WorksByTheKeyboardAsync(desk, upstream), nameof(WorksByTheKeyboardAsync));
        await StepAsync(WorksWithoutScriptsAsync(desk, server, upstream, locale), nameof(WorksWithoutScriptsAsync));
        desk.IsFine();

        async Task StepAsync(Task step, string name)
        {
            var start = TimeProvider.System.GetTimestamp();
            try
            {
                await step;
            }
            catch
            {
                foreach (var line in desk.Problems.Concat(server.Process.StandardError.TakeLast(20))) output.WriteLine(line);
                throw;
            }

            output.WriteLine($"{name} {locale}: {TimeProvider.System.GetElapsedTime(start).TotalSeconds:0.0} s");
        }
    }

    private static async Task MakesCategoriesAsync(AdminDesk desk, string title)
    {
        var page = desk.Page;
        foreach (var path in new[] { "sources", "categories", "takedowns" })
        {
            await page.GotoAsync("/hangfire/" + path);
            await desk.LookAsync("empty-" + path);
        }

        await page.GotoAsync("/hangfire/categories");
        foreach (var (name, slug, position) in new[] { (title, "first", "9"), (Valley, "valley", "2") })
        {
            // By the keyboard alone: title, slug, language, position, description, attribution, button.
            await page.Locator("#category-title").FocusAsync();
            await page.Keyboard.TypeAsync(name);
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.TypeAsync(slug);
            await page.Locator("#category-position").FillAsync(position);
            await page.Locator("#category-description").FillAsync("每天的消息。News of the day.");
            await page.Locator("#category-description").PressAsync("Tab");
            await page.Keyboard.PressAsync("Tab");
            await page.Keyboard.PressAsync("Enter");
            await desk.SaidAsync();
            await page.GotoAsync("/hangfire/categories");
        }

        // Renamed, at a new address, and first in order; the old address leads there for ever.
        Assert.Equal(Valley, await desk.Rows.First.Locator("a").First.InnerTextAsync());
        await page.GetByRole(AriaRole.Link, new() { Name = title, Exact = true }).ClickAsync();
        await page.Locator("#category-title").FillAsync(Harbour);
        await page.Locator("#category-slug").FillAsync("harbour");
        await page.Locator("#category-position").FillAsync("1");
        await desk.DoAsync("form button[type=submit].btn-primary");
        await desk.LookAsync("category");
        await page.Locator("#category-slug").FillAsync("valley");
        await page.Locator("form button[type=submit].btn-primary").First.ClickAsync();
        await page.Locator(".aggregator-page [role=alert]").First.WaitForAsync();
        await desk.LookAsync("category-refused");
        await page.GotoAsync("/hangfire/categories");
        Assert.Equal(Harbour, await desk.Rows.First.Locator("a").First.InnerTextAsync());
        await desk.LookAsync("categories");
        Assert.Equal(200, (await page.GotoAsync("/categories/first"))!.Status);
        Assert.EndsWith("/categories/harbour", page.Url, StringComparison.Ordinal);
    }

    private static async Task AddsTwentyAsync(AdminDesk desk, AdminDayUpstream upstream, RunningAggregator server, CancellationToken cancellation)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire/sources/add");
        await desk.LookAsync("add");
        // Eighteen feeds, one of them twice, and a site that has two more.
        string[] pasted = [.. Enumerable.Range(1, 18).Select(upstream.Feed), upstream.Feed(3), upstream.Site];
        await page.Locator("#addresses").FillAsync(string.Join('\n', pasted));
        await desk.ChooseAsync("#category", Valley);
        await page.Locator("#paste button[value=preview]").PressAsync("Enter");
        await page.Locator("#choice").WaitForAsync(new() { Timeout = 60_000 });
        Assert.Equal(20, await page.Locator("#choice input[name=address]").CountAsync());
        foreach (var box in await page.Locator("#choice input[name=address]").AllAsync()) await box.CheckAsync();
        await desk.LookAsync("add-preview");
        await page.Locator("#choice button[value=choose]").PressAsync("Enter");
        await page.Locator("#report").WaitForAsync();
        Assert.Equal(20, await page.Locator("#report tbody a").CountAsync());

        // Without a look: what is known and what looks the same is told apart from what is new and what is none.
        await page.Locator("#addresses").FillAsync($"{upstream.Broken}\n{upstream.Slow}\n{upstream.Feed(1)}\n{upstream.Feed(2)}/\nfile:///etc/passwd");
        await page.Locator("#paste button[value=add]").ClickAsync();
        await page.Locator("#report tbody tr").Nth(4).WaitForAsync();
        Assert.Equal(5, (await page.Locator("#report tbody tr td:nth-child(2)").AllInnerTextsAsync()).Count(words => words.Length > 0));
        await desk.LookAsync("add-report");
        await RunningAggregator.UntilAsync(
            () => server.ItemsAsync("all.json", cancellation), items => items.Count >= 50, TimeSpan.FromSeconds(60), items => $"{items.Count} entries", cancellation);
        await RunningAggregator.UntilAsync(
            async () => (await page.GotoAsync("/hangfire/sources?health=slow&sort=newest"), await desk.Rows.CountAsync()).Item2, rows => rows == 1, TimeSpan.FromSeconds(30), rows => $"{rows} slow", cancellation);
    }

    private static async Task FindsWhatIsBrokenAsync(AdminDesk desk)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire");
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Browsers.Artifacts, "admin-home." + (await page.Locator("html").GetAttributeAsync("lang"))![..2] + ".png"), FullPage = true });
        await page.GotoAsync("/hangfire/sources");
        Assert.Equal(22, await desk.Rows.CountAsync());
        Assert.Equal(22, await desk.Rows.Locator("svg").CountAsync());
        await desk.LookAsync("sources");

        // By the keyboard alone to what fails, and to why.
        await page.Locator("#filter-health").FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        for (var step = 0; step < 3; step++) await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**health=failing**");
        Assert.Equal(1, await desk.Rows.CountAsync());
        Assert.Contains("503", await desk.Rows.Locator(".text-danger").InnerTextAsync(), StringComparison.Ordinal);
        await desk.LookAsync("sources-failing");

        await FilterAsync("health=silent", 0, null);
        await FilterAsync("health=slow", 1, "slow.xml");
        await FilterAsync("state=paused", 0, null);
        await FilterAsync("state=active", 22, null);
        await FilterAsync("text=" + Uri.EscapeDataString("港口"), 5, "01");
        await FilterAsync("text=BROKEN", 1, "broken.xml");
        await FilterAsync("text=" + Uri.EscapeDataString("Valley NEWS 1"), 11, "10");
        await FilterAsync("sort=newest&health=slow", 1, "slow.xml");
        await FilterAsync("sort=failures", 1, "broken.xml");
        await FilterAsync("sort=nextfetch", 22, null);
        await FilterAsync("sort=lastsuccess", 22, "broken.xml");
        await page.GotoAsync("/hangfire/sources");
        await desk.ChooseAsync("#filter-category", Valley);
        await page.Locator("form[role=search] button").ClickAsync();
        await page.WaitForURLAsync("**category=**");
        Assert.Equal(22, await desk.Rows.CountAsync());

        async Task FilterAsync(string query, int rows, string? first)
        {
            await page.GotoAsync("/hangfire/sources?" + query);
            if (rows == 0) await page.Locator(".aggregator-page .alert-info").WaitForAsync();
            else Assert.True(rows == await desk.Rows.CountAsync(), $"{query}: {await desk.Rows.CountAsync()} rows");
            if (first is not null) Assert.Contains(first, await desk.Rows.First.InnerTextAsync(), StringComparison.Ordinal);
        }
    }

    private static async Task MendsOneAsync(AdminDesk desk, AdminDayUpstream upstream)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire/sources?health=failing");
        await desk.Rows.First.Locator("a").First.PressAsync("Enter");
        await page.Locator("#failure").WaitForAsync();
        await desk.LookAsync("source-failing");
        foreach (var (field, value) in new[]
        {
            ("title", "修好的来源 Mended"), ("url", upstream.Feed(30)), ("zone", "Asia/Shanghai"), ("language", "zh-Hans"), ("min", "10"), ("max", "1440"), ("agent", "Lamp/1"),
            ("charset", "utf-8"), ("user", "reader"), ("password", "hunter2"), ("cookies", "a=b"), ("headers", "X-Key: k3y-of-a-header"),
        })
            await page.Locator($"#settings #{field}").FillAsync(value);
        await page.Locator("#settings input[name=category]").First.CheckAsync();
        await desk.DoAsync("#settings button[type=submit]");
        await desk.DoAsync("form[action$='/refresh'] button");
        await page.WaitForURLAsync("**done=refreshed**");
        var health = await page.Locator("#health").InnerTextAsync();
        Assert.Equal("修好的来源 Mended", await page.Locator("#title").InputValueAsync());
        Assert.Equal(("Asia/Shanghai", "zh-Hans", "10", "1440", "Lamp/1"), (await ValueAsync("zone"), await ValueAsync("language"), await ValueAsync("min"), await ValueAsync("max"), await ValueAsync("agent")));
        Assert.DoesNotContain("hunter2", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("k3y-of-a-header", await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Contains("RSS", health, StringComparison.OrdinalIgnoreCase);
        Assert.True(await page.Locator("#fetches tbody tr").CountAsync() >= 2);
        await desk.LookAsync("source");
        await page.Locator("form[action$='/preview'] button").ClickAsync();
        await page.Locator("#preview details summary").First.ClickAsync();
        await desk.LookAsync("source-preview");

        // Captures of pages: a rule that is none is refused with a reason, and a good one stays.
        await page.Locator("#mode").SelectOptionAsync(new SelectOptionValue { Index = 1 });
        await page.Locator("#remove").FillAsync("div[");
        await page.Locator("form[action$='/capture'] button.btn-primary").ClickAsync();
        await page.Locator(".aggregator-page [role=alert]").First.WaitForAsync();
        await desk.LookAsync("source-capture-refused");
        await page.Locator("#remove").FillAsync(".advert");
        await desk.DoAsync("form[action$='/capture'] button.btn-primary");

        Task<string> ValueAsync(string field) => page.Locator("#settings #" + field).InputValueAsync();
    }

    private static async Task MovesPausesAndDeletesAsync(AdminDesk desk)
    {
        var page = desk.Page;
        // Five to another category, chosen by one box.
        await page.GotoAsync("/hangfire/sources?text=" + Uri.EscapeDataString("港口"));
        await page.Locator("#bulk input[name=all]").CheckAsync();
        await desk.ChooseAsync("#bulk-to", Harbour);
        await desk.DoAsync("#bulk button[value=move]");
        Assert.Equal(5, await desk.Rows.CountAsync());
        Assert.Equal([Harbour, Harbour, Harbour, Harbour, Harbour], await desk.Rows.Locator(".aggregator-tag").AllInnerTextsAsync());

        // The dashboard's own script chooses a page of rows.
        await page.Locator(".js-jobs-list-select-all").ClickAsync();
        Assert.Equal(5, await page.Locator("input[name=id]:checked").CountAsync());
        await desk.DoAsync("#bulk button[value=pause]");
        Assert.Equal(5, await desk.Rows.Locator("form[action$='/resume']").CountAsync());
        await page.Locator("#bulk input[name=all]").CheckAsync();
        await desk.DoAsync("#bulk button[value=resume]");
        Assert.Equal(5, await desk.Rows.Locator("form[action$='/pause']").CountAsync());

        // Deleted by mistake: asked back, done, undone.
        await page.Locator("#bulk input[name=all]").CheckAsync();
        await page.Locator("#bulk button[value=delete]").ClickAsync();
        await page.Locator("input[name=confirmed]").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await desk.LookAsync("sources-confirm");
        await desk.DoAsync("button[value=delete]");
        await desk.LookAsync("sources-deleted");
        await page.GetByRole(AriaRole.Status).GetByRole(AriaRole.Link).ClickAsync();
        await page.WaitForURLAsync("**state=deleted");
        Assert.Equal(5, await desk.Rows.CountAsync());
        await page.Locator("#bulk input[name=all]").CheckAsync();
        await desk.DoAsync("#bulk button[value=restore]");
        Assert.Equal(22, await desk.Rows.CountAsync());
    }

    private static async Task RoutesAsync(AdminDesk desk)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire/categories");
        await page.GetByRole(AriaRole.Link, new() { Name = Valley, Exact = true }).ClickAsync();
        var category = page.Url.Split('?')[0];
        await page.GotoAsync(category + "/rules");
        await page.Locator("#rules").FillAsync("title contains x then drop");
        await page.Locator("button[value=save]").ClickAsync();
        await page.Locator(".aggregator-page [role=alert]").First.WaitForAsync();
        await desk.LookAsync("rules-refused");
        await page.Locator("#rules").FillAsync("title matches \"story [12]$\" and not title contains \"慢\" then category \"harbour\"\ntitle contains \"story 3\" then tag \"第三 third\"");
        await page.Locator("button[value=try]").ClickAsync();
        await page.Locator("tbody tr").First.WaitForAsync();
        Assert.InRange(await desk.Rows.CountAsync(), 40, 200);
        await desk.LookAsync("rules-tried");
        await desk.DoAsync("button[value=save]");
        await page.Locator("button[value=try]").ClickAsync();
        await desk.Rows.First.Locator("a").First.ClickAsync();
        await page.Locator(".panel").First.WaitForAsync();
        await desk.LookAsync("rules-why");
        await page.GotoAsync(category + "/delete");
        await desk.LookAsync("category-delete");
    }

    /// <summary>How long things are kept, what visitors ask to have taken down, what is one story, and who subscribes.</summary>
    private static async Task KeepsAndTakesDownAsync(AdminDesk desk)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire/retention");
        await desk.LookAsync("retention");
        await page.GetByRole(AriaRole.Link, new() { Name = Valley, Exact = true }).ClickAsync();
        await page.Locator("#version-count").FillAsync("1");
        await page.Locator("#retention button").ClickAsync();
        await page.Locator(".aggregator-page [role=alert]").First.WaitForAsync();
        await desk.LookAsync("retention-refused");
        // By the keyboard alone: days, count, days, count, button.
        await page.Locator("#entry-days").FocusAsync();
        foreach (var number in new[] { "90", "", "", "5" })
        {
            await page.Keyboard.PressAsync("Control+A");
            await page.Keyboard.PressAsync("Delete");
            if (number.Length > 0) await page.Keyboard.TypeAsync(number);
            await page.Keyboard.PressAsync("Tab");
        }

        await page.Keyboard.PressAsync("Enter");
        await desk.SaidAsync();
        Assert.Contains("90", await page.Locator("#said tbody tr").First.InnerTextAsync(), StringComparison.Ordinal);
        await desk.LookAsync("retention-saved");

        await page.GotoAsync("/takedown?article=1");
        await page.Locator("#reason").SelectOptionAsync("Privacy");
        await page.Locator("textarea[name=message]").FillAsync("这篇文章写的是我。This article is about me.");
        await page.Locator("input[name=contact]").FillAsync("reader@example.org");
        await page.Locator("main form button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/takedown/received**");
        await page.GotoAsync("/hangfire/takedowns");
        await desk.LookAsync("takedowns");
        await page.Locator("input[name=note]").First.FillAsync("说得对 agreed");
        await desk.DoAsync("button[value=approve]");
        await desk.LookAsync("takedowns-decided");
        await desk.DoAsync("button[value=undo]");

        // The program may have found stories by itself: one is taken apart and put together again, and where there is none one is made first.
        await page.GotoAsync("/hangfire/stories");
        await desk.LookAsync("empty-stories");
        var split = page.Locator("form[action$='/split']");
        if (await split.CountAsync() == 0) await JoinAsync("2", "8");
        var one = await split.Nth(0).Locator("input[name=entry]").GetAttributeAsync("value");
        var other = await split.Nth(1).Locator("input[name=entry]").GetAttributeAsync("value");
        await desk.DoAsync("form[action$='/split'] button");
        await JoinAsync(one!, other!);
        await desk.LookAsync("stories");
        await page.GotoAsync("/hangfire/hub");
        await desk.LookAsync("hub");

        async Task JoinAsync(string entry, string with)
        {
            await page.Locator("form[action$='/join'] input[name=entry]").FillAsync(entry);
            await page.Locator("form[action$='/join'] input[name=other]").FillAsync(with);
            await desk.DoAsync("form[action$='/join'] button");
        }
    }

    private static async Task ImportsAndExportsAsync(AdminDesk desk, AdminDayUpstream upstream, TemporaryFolder folder, CancellationToken cancellation)
    {
        var page = desk.Page;
        var list = folder.File("清单 list.opml");
        await File.WriteAllTextAsync(
            list,
            $"""
             <opml version="2.0"><head><title>list</title></head><body><outline text="新栏目 New folder">
             <outline type="rss" text="新来源 New source" xmlUrl="{upstream.Feed(40)}"/><outline type="rss" text="旧的 Known" xmlUrl="{upstream.Feed(1)}"/>
             <outline type="rss" text="&lt;script&gt;document.title='ran'&lt;/script&gt;" xmlUrl="file:///etc/passwd"/></outline></body></opml>
             """,
            cancellation);
        await page.GotoAsync("/hangfire/categories/import");
        await page.Locator("#import-file").SetInputFilesAsync(list);
        await page.Locator("form[action$=import] button[type=submit]").ClickAsync();
        await page.Locator(".aggregator-page table").WaitForAsync();
        Assert.Equal(3, await desk.Rows.CountAsync());
        Assert.NotEqual("ran", await page.TitleAsync());
        await desk.LookAsync("import-report");
        await page.GotoAsync("/hangfire/categories/import");
        await desk.LookAsync("import");
        var all = await ExportAsync(page, null);
        Assert.Contains(upstream.Feed(40), all, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", all, StringComparison.Ordinal);
        var harbour = await ExportAsync(page, Harbour);
        Assert.Contains(upstream.Feed(5), harbour, StringComparison.Ordinal);
        Assert.DoesNotContain(upstream.Feed(6), harbour, StringComparison.Ordinal);
        await page.Locator("input[name=failing]").CheckAsync();
        Assert.DoesNotContain(upstream.Feed(5), await ExportAsync(page, null), StringComparison.Ordinal);

        async Task<string> ExportAsync(IPage page, string? category)
        {
            await page.Locator("#export-category").SelectOptionAsync(category is null ? new SelectOptionValue { Index = 0 } : new SelectOptionValue { Label = category });
            var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("form[action$=export] button").ClickAsync());
            return await File.ReadAllTextAsync(await download.PathAsync(), cancellation);
        }
    }

    private async Task MakesAccountsAsync(AdminDesk desk, RunningAggregator server, string locale)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire/accounts");
        await page.Locator("#new-name").FillAsync("观察者 watcher");
        await page.Locator("#new-password").FillAsync(AdminDesk.Password);
        await page.Locator("#new-role").SelectOptionAsync("viewer");
        await desk.DoAsync("button.btn-primary");

        // A viewer sees the same pages and is offered nothing to change.
        await using var other = await browsers.VisitAsync(server.Http.BaseAddress!, locale);
        var viewer = await AdminDesk.OpenAsync(other, locale);
        await viewer.Page.GotoAsync("/hangfire");
        await viewer.SignInAsync("观察者 watcher");
        await viewer.Page.GotoAsync("/hangfire/sources");
        Assert.Equal((23, 0), (await viewer.Rows.CountAsync(), await viewer.Page.Locator("#bulk, #source-url, input[name=id], .js-jobs-list-row form").CountAsync()));
        await viewer.LookAsync("viewer-sources");
        await viewer.Page.GotoAsync("/hangfire/account");
        await viewer.LookAsync("viewer-own-account");
        viewer.IsFine();

        // An admin ends the viewer's session.
        await page.GotoAsync("/hangfire/accounts");
        await desk.LookAsync("accounts");
        await page.Locator("tr").Filter(new() { HasText = "观察者 watcher" }).Locator("form:has(input[value=end-one]) button").ClickAsync();
        await desk.SaidAsync();
        await viewer.Page.GotoAsync("/hangfire/sources");
        Assert.Contains("/sign-in", viewer.Page.Url, StringComparison.Ordinal);

        // An API key is shown once.
        await page.GotoAsync("/hangfire/account");
        await page.Locator("#key-name").FillAsync("值班脚本 night script");
        await page.Locator("form:has(#key-name) button").ClickAsync();
        var key = await page.Locator("#new-key").InnerTextAsync();
        await desk.LookAsync("own-account");
        Assert.Equal(200, await StatusAsync(server, key));
        await page.GotoAsync("/hangfire/account");
        Assert.DoesNotContain(key, await page.ContentAsync(), StringComparison.Ordinal);
    }

    private static async Task LooksBackAsync(AdminDesk desk, CancellationToken cancellation)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire/audit");
        await desk.LookAsync("audit");
        var words = string.Join('\n', await page.Locator(".aggregator-page td:nth-child(3)").EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.title || cell.dataset.originalTitle)"));
        foreach (var action in new[] { "category.create", "source.add", "source.move", "source.pause", "source.delete", "source.restore", "opml.import", "opml.export", "category.retention", "takedown.approve", "takedown.undo", "story.join", "story.split", "account.add", "session.end" })
            Assert.True(words.Contains(action, StringComparison.Ordinal), $"No {action} among\n{words}");
        Assert.DoesNotContain("hunter2", await page.ContentAsync(), StringComparison.Ordinal);
        // Where the five were before they were moved, for whoever moved the wrong ones.
        Assert.Contains("\"categories\":[\"valley\"]", await page.Locator("tr").Filter(new() { Has = page.Locator("[title='source.move'], [data-original-title='source.move']") }).First.InnerTextAsync(), StringComparison.Ordinal);
        // Every deed has words; what has none shows its name in the program.
        var deeds = await page.Locator(".aggregator-page td:nth-child(3)").AllInnerTextsAsync();
        Assert.DoesNotContain(deeds, deed => words.Split('\n').Any(name => deed.Trim().EndsWith("· " + name[(name.IndexOf('.', StringComparison.Ordinal) + 1)..], StringComparison.Ordinal)));

        await page.GotoAsync("/hangfire/settings");
        await desk.LookAsync("settings");
        var settings = await page.Locator(".aggregator-page").InnerTextAsync();
        Assert.Contains("MiB", settings, StringComparison.Ordinal);
        Assert.Contains("Metrics:Token", settings, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-of-the-operator", settings, StringComparison.Ordinal);
        var backup = await page.RunAndWaitForDownloadAsync(() => page.Locator("form[action$=backup] button").ClickAsync());
        await using var archive = await ZipFile.OpenReadAsync(await backup.PathAsync(), cancellation);
        Assert.Contains("store.db", archive.Entries.Select(entry => entry.Name));
    }

    /// <summary>By the keys alone, from one field to the next: moving, deleting with a confirmation, undoing, editing, rules, importing, accounts.</summary>
    private static async Task WorksByTheKeyboardAsync(AdminDesk desk, AdminDayUpstream upstream)
    {
        var page = desk.Page;
        await page.GotoAsync("/hangfire/sources?text=" + Uri.EscapeDataString("valley news 1"));
        await desk.TabToAsync("#bulk input[name=all]");
        await page.Keyboard.PressAsync("Space");
        await desk.TabToAsync("#bulk-to");
        await page.Keyboard.PressAsync("Home");
        for (var step = 0; step < 10 && await page.EvaluateAsync<string>("() => document.activeElement.selectedOptions[0].label") != Harbour; step++) await page.Keyboard.PressAsync("ArrowDown");
        await desk.EnterAsync("#bulk button[value=move]");
        await desk.SaidAsync();
        Assert.Equal([Harbour], (await desk.Rows.Locator(".aggregator-tag").AllInnerTextsAsync()).Distinct());

        await desk.TabToAsync("input[name=id]");
        await page.Keyboard.PressAsync("Space");
        await desk.EnterAsync("#bulk button[value=delete]", back: true);
        Assert.Equal(1, await page.Locator("input[name=confirmed]").CountAsync());
        await desk.EnterAsync("button[value=delete]");
        await desk.EnterAsync("[role=status] button");
        await page.WaitForURLAsync("**done=restored");
        await desk.SaidAsync();

        await desk.WriteAsync("#settings #title", "键盘 By keys");
        await desk.EnterAsync("#settings button[type=submit]");
        await desk.SaidAsync();
        Assert.Equal("键盘 By keys", await page.Locator("#settings #title").InputValueAsync());
        await desk.EnterAsync("a[href$='/rules']");
        await desk.WriteAsync("#rules", "title contains \"键\" then tag \"键盘\"");
        await desk.EnterAsync("button[value=save]");
        await desk.SaidAsync();
        Assert.Contains("then tag", await page.Locator("#rules").InputValueAsync(), StringComparison.Ordinal);

        await page.GotoAsync("/hangfire/categories/import");
        await desk.WriteAsync("#import-url", upstream.List);
        await desk.EnterAsync("form[action$=import] button[type=submit]");
        await page.Locator(".aggregator-page table").WaitForAsync();
        Assert.Equal(2, await desk.Rows.CountAsync());
        await page.GotoAsync("/hangfire/accounts");
        await desk.WriteAsync("#new-name", "键盘 keys");
        await desk.WriteAsync("#new-password", AdminDesk.Password);
        await desk.EnterAsync("button.btn-primary");
        await desk.SaidAsync();
        Assert.Equal(1, await page.Locator("td:first-child", new() { HasText = "键盘 keys" }).CountAsync());
    }

    /// <summary>What does not need the dashboard's script works without any: adding, filtering, choosing all, moving, deleting, undoing, editing, rules, importing, accounts.</summary>
    private async Task WorksWithoutScriptsAsync(AdminDesk admin, RunningAggregator server, AdminDayUpstream upstream, string locale)
    {
        await using var visit = await browsers.VisitAsync(server.Http.BaseAddress!, locale, scripts: false);
        await visit.AddCookiesAsync((await admin.Page.Context.CookiesAsync()).Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
            HttpOnly = cookie.HttpOnly,
            Secure = cookie.Secure,
            SameSite = cookie.SameSite,
        }));
        var page = await visit.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        await page.GotoAsync("/hangfire/sources");
        await page.Locator("#filter-text").FillAsync("valley news 1");
        await page.Locator("form[role=search] button").ClickAsync();
        await page.WaitForURLAsync("**text=valley**");
        await page.Locator("#bulk input[name=all]").CheckAsync();
        await page.Locator("#bulk-to").SelectOptionAsync(new SelectOptionValue { Label = Harbour });
        await page.Locator("#bulk button[value=move]").ClickAsync();
        await page.GetByRole(AriaRole.Status).First.WaitForAsync();
        await page.Locator("input[name=id]").First.CheckAsync();
        await page.Locator("#bulk button[value=delete]").ClickAsync();
        await page.Locator("button[value=delete]").ClickAsync();
        await page.GetByRole(AriaRole.Status).Locator("button").ClickAsync();
        await page.WaitForURLAsync("**done=restored");
        await page.Locator("form[action$='/preview'] button").ClickAsync();
        await page.Locator("#preview details summary").First.ClickAsync();
        await page.GotoAsync("/hangfire/sources/add");
        await page.Locator("#addresses").FillAsync("https://example.invalid/feed.xml");
        await page.Locator("#paste button[value=add]").ClickAsync();
        await page.Locator("#report").WaitForAsync();

        await page.GotoAsync("/hangfire/sources/1");
        await page.Locator("#settings #title").FillAsync("无脚本 Without scripts");
        await SubmitAsync("#settings button[type=submit]");
        Assert.Equal("无脚本 Without scripts", await page.Locator("#settings #title").InputValueAsync());
        await page.Locator("a[href$='/rules']").ClickAsync();
        await page.Locator("#rules").FillAsync("title contains \"无\" then tag \"无脚本\"");
        await SubmitAsync("button[value=save]");
        Assert.Contains("then tag", await page.Locator("#rules").InputValueAsync(), StringComparison.Ordinal);
        await page.GotoAsync("/hangfire/categories/import");
        await page.Locator("#import-url").FillAsync(upstream.List);
        await page.Locator("form[action$=import] button[type=submit]").ClickAsync();
        // The page shows itself anew without a script, too.
        await page.Locator(".aggregator-page table").WaitForAsync();
        Assert.Equal(2, await page.Locator(".aggregator-page tbody tr").CountAsync());
        await page.GotoAsync("/hangfire/accounts");
        await page.Locator("#new-name").FillAsync("无脚本 plain");
        await page.Locator("#new-password").FillAsync(AdminDesk.Password);
        await SubmitAsync("button.btn-primary");
        Assert.Equal(1, await page.Locator("td:first-child", new() { HasText = "无脚本 plain" }).CountAsync());

        async Task SubmitAsync(string button)
        {
            await page.RunAndWaitForResponseAsync(() => page.Locator(button).First.ClickAsync(), answer => answer.Request.IsNavigationRequest && answer.Ok);
            await page.GetByRole(AriaRole.Status).First.WaitForAsync();
            Assert.Equal(0, await page.Locator(".aggregator-page [role=alert]").CountAsync());
        }
    }

    private static async Task<int> StatusAsync(RunningAggregator server, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/sources?limit=1");
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", key);
        using var answer = await server.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}
