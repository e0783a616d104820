using System.Globalization;
using System.Net;
using Xunit;

namespace Aggregator.Server.Tests.Snapshots;

/// <summary>
/// A client that knows RFC 7089 and RFC 8288 and nothing of this program: it is given the address of a TimeGate, asks for a time,
/// follows what it is told, and complains about everything that the RFC does not allow.
/// </summary>
internal sealed class MementoClient(HttpClient http)
{
    /// <summary>§4.1 and §4.2: the memento that the TimeGate thinks right for a time; null asks for none.</summary>
    public async Task<Memento> FindAsync(string timeGate, DateTimeOffset? at)
    {
        using var question = new HttpRequestMessage(HttpMethod.Get, timeGate);
        if (at is { } time) question.Headers.TryAddWithoutValidation("Accept-Datetime", time.ToUniversalTime().ToString("r", CultureInfo.InvariantCulture));
        using var answer = await http.SendAsync(question);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Contains("accept-datetime", string.Join(',', answer.Headers.Vary), StringComparison.OrdinalIgnoreCase);
        Assert.False(answer.Headers.Contains("Memento-Datetime"), "§4.2.1: a TimeGate that redirects is no memento.");
        var original = Assert.Single(LinksOf(answer), link => link.Is("original"));

        var memento = await GetAsync(answer.Headers.Location!);
        Assert.Equal(original.Target, memento.Original);
        return memento;
    }

    /// <summary>§2.1.2, §2.2: a memento says when it was, of what, and how to go on.</summary>
    public async Task<Memento> GetAsync(Uri address)
    {
        using var answer = await http.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain("accept-datetime", string.Join(',', answer.Headers.Vary), StringComparison.OrdinalIgnoreCase);
        var at = Date(answer.Headers.GetValues("Memento-Datetime").Single());
        var links = LinksOf(answer);
        var original = Assert.Single(links, link => link.Is("original"));
        Assert.Single(links, link => link.Is("timegate"));
        Assert.Equal("application/link-format", Assert.Single(links, link => link.Is("timemap")).Attributes["type"]);
        foreach (var link in links.Where(link => link.Is("memento"))) Date(link.Attributes["datetime"]);
        foreach (var relation in (string[])["first", "last", "prev", "next"])
            Assert.True(links.Count(link => link.Is(relation)) <= 1 && links.Where(link => link.Is(relation)).All(link => link.Is("memento")), relation);
        return new Memento(new Uri(http.BaseAddress!, address), at, original.Target, links, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>§5: the list of all mementos.</summary>
    public async Task<IReadOnlyList<Link>> ReadTimeMapAsync(string address)
    {
        using var answer = await http.GetAsync(address);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/link-format", answer.Content.Headers.ContentType!.MediaType);
        var links = Parse(await answer.Content.ReadAsStringAsync());
        Assert.Single(links, link => link.Is("original"));
        Assert.Single(links, link => link.Is("self"));
        Assert.Single(links, link => link.Is("timegate"));
        return links;
    }

    public static IReadOnlyList<Link> LinksOf(HttpResponseMessage answer) => Parse(string.Join(", ", answer.Headers.GetValues("Link")));

    public static DateTimeOffset Date(string text) =>
        DateTimeOffset.ParseExact(text, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>RFC 8288 §3, appendix B.2.</summary>
    private static List<Link> Parse(string text)
    {
        var links = new List<Link>();
        var at = 0;
        while (true)
        {
            Skip(" \t\r\n,");
            if (at >= text.Length) return links;
            Expect('<');
            var target = Until('>');
            at++;
            var attributes = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            for (Skip(" \t\r\n"); at < text.Length && text[at] == ';'; Skip(" \t\r\n"))
            {
                at++;
                Skip(" \t\r\n");
                var name = Until('=');
                at++;
                Expect('"');
                Assert.True(attributes.TryAdd(name, Until('"')), $"{name} twice in {text}");
                at++;
            }

            links.Add(new Link(new Uri(target, UriKind.Absolute), attributes["rel"].Split(' '), attributes));
        }

        void Skip(string what)
        {
            while (at < text.Length && what.Contains(text[at], StringComparison.Ordinal)) at++;
        }

        void Expect(char what)
        {
            Assert.True(at < text.Length && text[at] == what, $"No {what} at {at} in {text}");
            at++;
        }

        string Until(char what)
        {
            var end = text.IndexOf(what, at);
            Assert.True(end >= 0, $"No {what} behind {at} in {text}");
            var found = text[at..end];
            at = end;
            return found;
        }
    }
}

/// <summary>A link with its relations and attributes.</summary>
internal sealed record Link(Uri Target, IReadOnlyList<string> Relations, IReadOnlyDictionary<string, string> Attributes)
{
    public bool Is(string relation) => Relations.Contains(relation, StringComparer.OrdinalIgnoreCase);
}

/// <summary>A state of the past.</summary>
internal sealed record Memento(Uri Address, DateTimeOffset At, Uri Original, IReadOnlyList<Link> Links, string Body)
{
    public Uri? To(string relation) => Links.FirstOrDefault(link => link.Is(relation))?.Target;
}
