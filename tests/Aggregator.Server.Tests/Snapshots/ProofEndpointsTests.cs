using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Server.Cli;
using Aggregator.Testing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Aggregator.Server.Tests.Snapshots;

public sealed class ProofEndpointsTests : IAsyncLifetime
{
    private ProofSite _site = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static string Script => Path.Combine(Repository.Root, "docs", "verify-snapshot.py");

    public async ValueTask InitializeAsync() => _site = await ProofSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Serves_the_bytes_that_were_hashed()
    {
        var id = (await _site.AddAsync("one"))["one"];
        var snapshot = (await _site.Snapshots.FindAsync(id, 1, Ct))!;

        using var answer = await _site.Http.GetAsync($"/articles/{id}/snapshots/20260301080000.json", Ct);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        var bytes = await answer.Content.ReadAsByteArrayAsync(Ct);
        Assert.Equal(SHA256.HashData(bytes), snapshot.Sha256.ToArray());
        Assert.Equal($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))}\"", answer.Headers.ETag!.Tag);
        Assert.Equal("<p>正文 one</p>", SnapshotDocument.Read(bytes).Content);
    }

    [Theory]
    [InlineData("/articles/1/snapshots/20260301080001.json", HttpStatusCode.NotFound)]
    [InlineData("/articles/9/snapshots/20260301080000.json", HttpStatusCode.NotFound)]
    [InlineData("/articles/1/snapshots/today.json", HttpStatusCode.NotFound)]
    [InlineData("/proof/2026-03-02.json", HttpStatusCode.NotFound)]
    [InlineData("/proof/yesterday.json", HttpStatusCode.NotFound)]
    [InlineData("/proof/2026-03-01.json?snapshot=9/20260301080000", HttpStatusCode.NotFound)]
    [InlineData("/proof/2026-03-01.json?snapshot=x", HttpStatusCode.NotFound)]
    public async Task Says_in_a_sentence_what_is_not_there(string address, HttpStatusCode status)
    {
        await _site.AddAsync("one");
        await _site.SealDayAsync();

        using var answer = await _site.Http.GetAsync(address, Ct);

        Assert.Equal(status, answer.StatusCode);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Ct));
        Assert.EndsWith(".", problem.RootElement.GetProperty("error").GetString()!.TrimEnd(')'), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishes_the_chain_of_days_with_their_leaves_and_the_newest_of_them()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _site.Http.GetAsync("/proof/latest.json", Ct)).StatusCode);
        await _site.AddAsync("one", "two", "three");
        await _site.SealDayAsync();
        await _site.AddAsync("four");
        await _site.SealDayAsync();

        var first = await ProofAsync("2026-03-01.json?leaves=true");
        var second = await ProofAsync("2026-03-02.json");
        using var latest = await _site.Http.GetAsync("/proof/latest.json", Ct);

        Assert.Equal((3, "", false), (first.GetProperty("count").GetInt64(), first.GetProperty("previous").GetString(), first.TryGetProperty("previous_day", out _)));
        Assert.Equal("2026-03-01", second.GetProperty("previous_day").GetString());
        Assert.Equal(first.GetProperty("hash").GetString(), second.GetProperty("previous").GetString());
        Assert.Equal("/proof/2026-03-02.json", latest.Headers.Location!.ToString());
        var root = new MerkleRoot();
        foreach (var leaf in first.GetProperty("leaves").EnumerateArray()) root.Add(Convert.FromHexString(leaf.GetString()!));
        Assert.Equal(first.GetProperty("root").GetString(), Convert.ToHexStringLower(root.Finish()));
    }

    [Fact]
    public async Task Proves_each_snapshot_of_a_day_that_has_many()
    {
        var ids = await _site.AddAsync([.. Enumerable.Range(0, 2500).Select(i => $"k{i}")]);
        await _site.SealDayAsync();

        foreach (var key in (string[])["k2499", "k1476", "k1475", "k300", "k0"])
        {
            var proof = await ProofAsync($"2026-03-01.json?snapshot={ids[key]}/20260301080000");
            var snapshot = proof.GetProperty("snapshot");
            var bytes = await _site.Http.GetByteArrayAsync(snapshot.GetProperty("document").GetString(), Ct);
            var path = snapshot.GetProperty("path").EnumerateArray().Select(sibling => Convert.FromHexString(sibling.GetString()!)).ToList();
            Assert.Equal(proof.GetProperty("root").GetString(), Convert.ToHexStringLower(
                MerkleTree.Climb(SHA256.HashData(bytes), snapshot.GetProperty("index").GetInt64(), proof.GetProperty("count").GetInt64(), path)!));
        }
    }

    [Fact]
    public async Task Leads_to_the_day_that_holds_a_snapshot_that_was_stored_late()
    {
        await _site.AddAsync("one");
        await _site.SealDayAsync();
        var id = (await _site.AddAsync("late"))["late"];
        Assert.Equal(HttpStatusCode.NotFound, (await _site.Http.GetAsync($"/proof/2026-03-02.json?snapshot={id}/20260302080000", Ct)).StatusCode);
        await _site.SealDayAsync();

        using var answer = await _site.Http.GetAsync($"/proof/2026-03-01.json?snapshot={id}/20260302080000", Ct);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"/proof/2026-03-02.json?snapshot={id}/20260302080000", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Says_that_a_text_is_no_longer_kept_and_what_its_hash_was()
    {
        var id = (await _site.AddAsync("one"))["one"];
        var snapshot = (await _site.Snapshots.FindAsync(id, 1, Ct))!;
        _site.Tamper("delete from snapshot_document; update snapshot set removal = 1;");

        using var answer = await _site.Http.GetAsync($"/articles/{id}/snapshots/20260301080000.json", Ct);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Contains(Convert.ToHexStringLower(snapshot.Sha256.Span), await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_with_forty_lines_of_Python_finds_genuine_what_is_and_nothing_else()
    {
        Assert.InRange((await File.ReadAllLinesAsync(Script, Ct)).Length, 20, 40);
        var ids = await _site.AddAsync([.. Enumerable.Range(0, 1100).Select(i => $"k{i}")]);
        await _site.SealDayAsync();
        await _site.AddAsync("next");
        await _site.SealDayAsync();
        await _site.AddAsync("last");
        await _site.SealDayAsync();
        var kept = (await ProofAsync("2026-03-03.json")).GetProperty("hash").GetString()!;

        foreach (var id in (long[])[ids["k0"], ids["k1099"], ids["k76"]])
        {
            var (exitCode, output) = await RunScriptAsync($"{id}", "20260301080000");
            Assert.True(exitCode == 0, output);
            Assert.Contains("genuine: sha256", output, StringComparison.Ordinal);
        }

        var (chained, said) = await RunScriptAsync($"{ids["k0"]}", "20260301080000", "2026-03-03", kept);
        Assert.True(chained == 0, said);
        var (unchained, reason) = await RunScriptAsync($"{ids["k0"]}", "20260301080000", "2026-03-03", new string('0', 64));
        Assert.True(unchained == 1 && reason.Contains("the proof of 2026-03-03 is not the one you have", StringComparison.Ordinal), reason);

        // A server that forged a text, and the hash of it in its rows: the root of the day still tells.
        var forged = (await _site.Snapshots.ReadDocumentAsync((await _site.Snapshots.FindAsync(ids["k0"], 1, Ct))!.Id, Ct))! with { Title = "forged" };
        _site.Tamper($"update snapshot_document set document = x'{Convert.ToHexString(Pack(forged.Write()))}' where snapshot_id = (select id from snapshot where entry_id = {ids["k0"]})");
        var (exit, why) = await RunScriptAsync($"{ids["k0"]}", "20260301080000");
        Assert.True(exit == 1 && why.Contains("NOT GENUINE: the document is not in the root of its day", StringComparison.Ordinal), why);

        // And one that made the whole day anew is told by whoever kept the proof of a later day.
        _site.Tamper($"update snapshot set sha256 = x'{Convert.ToHexString(SHA256.HashData(forged.Write()))}' where entry_id = {ids["k0"]}; update snapshot_document set document = document; delete from seal;");
        await _site.SealDayAsync();
        var (_, remade) = await RunScriptAsync($"{ids["k0"]}", "20260301080000", "2026-03-03", kept);
        Assert.Contains("NOT GENUINE", remade, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_command_names_what_does_not_match_and_ends_with_1()
    {
        await _site.AddAsync("one", "two");
        await _site.SealDayAsync();
        using var clean = new StringWriter();
        Assert.Equal(0, await VerifyCommand.RunAsync(_site.Services.GetRequiredService<ISealStore>(), clean, Ct));
        Assert.Equal("2 snapshots (0 of them with their text no longer kept, 0 not sealed yet), 1 days, 0 things do not match", clean.ToString().Trim());

        _site.Tamper("update snapshot set title = 'forged' where id = 1");
        using var tampered = new StringWriter();
        Assert.Equal(1, await VerifyCommand.RunAsync(_site.Services.GetRequiredService<ISealStore>(), tampered, Ct));
        Assert.Contains("Snapshot 1 of article 1 (20260301080000) is listed with another title than its text has.", tampered.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 thing does not match", tampered.ToString(), StringComparison.Ordinal);
    }

    private static byte[] Pack(byte[] document)
    {
        using var packed = new MemoryStream();
        using (var brotli = new System.IO.Compression.BrotliStream(packed, System.IO.Compression.CompressionLevel.Fastest)) brotli.Write(document);
        return packed.ToArray();
    }

    private async Task<JsonElement> ProofAsync(string address)
    {
        using var document = JsonDocument.Parse(await _site.Http.GetByteArrayAsync("/proof/" + address, Ct));
        return document.RootElement.Clone();
    }

    private async Task<(int ExitCode, string Output)> RunScriptAsync(params string[] arguments)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/python3"), "there is no python3 on this machine");
        await using var python = ChildProcess.Start(
            "/usr/bin/python3", [Script, _site.Http.BaseAddress!.ToString(), .. arguments], _site.Folder, new Dictionary<string, string?> { ["http_proxy"] = null, ["no_proxy"] = "*" });
        var exitCode = await python.WaitForExitAsync(TimeSpan.FromSeconds(60), Ct);
        return (exitCode, string.Join('\n', python.Output));
    }
}
