using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.OpenApi;
using Xunit;

namespace Aggregator.Server.Tests.Api;

/// <summary>That <c>/openapi/v1.json</c> is valid, and that what it says of each operation is what the operation does.</summary>
public sealed class ApiDescriptionTests(ApiServer server) : IClassFixture<ApiServer>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_a_valid_description_and_names_no_host_of_a_visitor()
    {
        using var answer = await server.SendAsync("GET", "/openapi/v1.json", key: null, null, ("Host", "evil.example"));
        var text = await answer.Content.ReadAsStringAsync(Ct);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var read = await OpenApiDocument.LoadAsync(stream, "json", settings: null, Ct);
        Assert.NotNull(read.Document);
        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.DoesNotContain("evil.example", text, StringComparison.Ordinal);
        Assert.All(read.Document.Paths.Values.SelectMany(path => path.Operations!.Values), operation => Assert.False(string.IsNullOrWhiteSpace(operation.Summary)));
    }

    [Fact]
    public async Task Every_answer_has_a_status_and_a_form_that_the_description_names()
    {
        using var described = JsonDocument.Parse(await (await server.SendAsync("GET", "/openapi/v1.json", key: null)).Content.ReadAsStringAsync(Ct));
        var root = described.RootElement;
        var wrong = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in root.GetProperty("paths").EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                var method = operation.Name.ToUpperInvariant();
                var place = path.Name.Replace("{id}", "1", StringComparison.Ordinal).Replace("{slug}", "world", StringComparison.Ordinal).Replace("{place}", "1", StringComparison.Ordinal);
                var none = path.Name.Replace("{id}", "999999", StringComparison.Ordinal).Replace("{slug}", "none", StringComparison.Ordinal).Replace("{place}", "99", StringComparison.Ordinal);
                await AskAsync(place, null, "{}", []);
                await AskAsync(place, "wrong", "{}", []);
                await AskAsync(place, method == "GET" || place.EndsWith("/test", StringComparison.Ordinal) ? "write only" : "viewer", "{}", []);
                if (none != path.Name) await AskAsync(none, "admin", "{}", [("If-Match", "*")]);
                if (method == "GET")
                {
                    var tag = await AskAsync(place, "read", null, []);
                    if (tag is not null) await AskAsync(place, "read", null, [("If-None-Match", tag)]);
                    await AskAsync(place + "?limit=0&after=-&before=-", "read", null, []);
                    continue;
                }

                if (!operation.Value.TryGetProperty("requestBody", out _)) continue;
                await AskAsync(place, "admin", "{}", []);
                await AskAsync(place, "admin", "{", [("If-Match", "*")]);
                await AskAsync(place, "admin", "{}", [("If-Match", "\"stale\"")]);
                await AskAsync(place, "admin", """{"text":"nonsense","rule":"nonsense","places":[7],"title":"","url":"file:///x","colour":"blue","entries":{"days":-1}}""", [("If-Match", "*")]);
                await AskAsync(place, "admin", "{}", [("If-Match", "*")], "text/html");
                await AskAsync(place, "admin", "{\"text\":\"" + new string('x', 40_000) + "\"}", [("If-Match", "*")]);

                async Task<string?> AskAsync(string address, string? key, string? body, (string, string)[] headers, string? type = null)
                {
                    type ??= operation.Value.TryGetProperty("requestBody", out var taken) ? taken.GetProperty("content").EnumerateObject().First().Name : "application/json";
                    using var answer = await server.SendAsync(method, address, key, body is null || method == "GET" ? null : new StringContent(body, Encoding.UTF8, type), headers);
                    var status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
                    seen.Add(status);
                    var what = $"{method} {address}: {status}";
                    if (!operation.Value.GetProperty("responses").TryGetProperty(status, out var response))
                    {
                        wrong.Add(what + " is not described");
                        return null;
                    }

                    var text = await answer.Content.ReadAsStringAsync(Ct);
                    var media = answer.Content.Headers.ContentType?.MediaType;
                    if (text.Length > 0 && (!response.TryGetProperty("content", out var content) || !content.TryGetProperty(media ?? "", out var form)))
                        wrong.Add($"{what}: its form {media} is not described");
                    else if (text.Length > 0 && media == "application/json")
                        Compare(what, JsonDocument.Parse(text).RootElement, response.GetProperty("content").GetProperty(media).GetProperty("schema"));
                    return answer.Headers.ETag?.ToString();
                }
            }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct()));
        Assert.Superset(new HashSet<string>(StringComparer.Ordinal) { "200", "304", "400", "401", "403", "404", "412", "413", "415", "422", "428" }, seen);

        void Compare(string what, JsonElement value, JsonElement schema)
        {
            if (schema.TryGetProperty("$ref", out var reference)) schema = root.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var item in value.EnumerateArray().Take(3))
                    if (schema.TryGetProperty("items", out var items)) Compare(what, item, items);
                return;
            }

            if (value.ValueKind != JsonValueKind.Object || !schema.TryGetProperty("properties", out var properties)) return;
            var said = properties.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);
            var given = value.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);
            if (!said.SequenceEqual(given)) wrong.Add($"{what}: it has {string.Join(", ", given)}, and is said to have {string.Join(", ", said)}");
            foreach (var property in value.EnumerateObject())
                if (properties.TryGetProperty(property.Name, out var inner)) Compare(what + "." + property.Name, property.Value, inner);
        }
    }
}
