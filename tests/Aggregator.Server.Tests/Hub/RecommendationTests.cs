using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Xunit;

namespace Aggregator.Server.Tests.Hub;

/// <summary>
/// What W3C WebSub (Recommendation of 23 January 2018) asks of a publisher and of a hub, row by row, held against one conversation of
/// subscribers that were written from it.
/// </summary>
public sealed class RecommendationTests(HubConversation said) : IClassFixture<HubConversation>
{
    private static readonly Row[] Table =
    [
        new("4", "MUST", "The publisher includes at least one Link header with rel=hub", said => said.Feeds.Values.All(feed => feed.Link.Contains($"<{said.Hub}>; rel=\"hub\"", StringComparison.Ordinal))),
        new("4", "MUST", "The publisher includes exactly one Link header with rel=self", said => said.Feeds.All(feed => feed.Value.Link.Split("rel=\"self\"").Length == 2 && feed.Value.Link.Contains($"<{TopicIn(said, feed.Key)}>; rel=\"self\"", StringComparison.Ordinal))),
        new("4", "MUST", "An XML feed may name hub and self as links in the document: Atom does", said => AtomLinks(XDocument.Parse(said.Feeds["atom"].Body).Root!, said, "atom")),
        new("4", "MUST", "An XML feed may name hub and self as links in the document: RSS does, as atom:link", said => AtomLinks(XDocument.Parse(said.Feeds["rss"].Body).Root!.Element("channel")!, said, "rss")),
        new("JSON Feed 1.1", "SHOULD", "hubs names the hub with its type", said => JsonDocument.Parse(said.Feeds["json"].Body).RootElement.GetProperty("hubs")[0] is var hub && hub.GetProperty("type").GetString() == "WebSub" && hub.GetProperty("url").GetString() == said.Hub),
        new("5.1", "MUST", "The hub ignores parameters that it does not understand", said => said.Accepted.Status == HttpStatusCode.Accepted),
        new("5.1", "MUST", "The hub enforces lease expirations and issues no perpetual ones: what is asked beyond all bounds is bounded", said => said.Of("json")[0]["hub.lease_seconds"] == "2592000"),
        new("5.1", "SHOULD", "Without hub.lease_seconds the hub chooses: 10 days", said => said.Of("control")[0]["hub.lease_seconds"] == "864000"),
        new("5.1", "MUST", "Subscriptions can be requested again while they are active", said => said.Of("main").Count(question => question["hub.mode"] == "subscribe") == 3),
        new("5.1", "MUST", "A renewal overrides the previous state once it is verified", said => said.To("main").Where(delivery => delivery.Text.Contains("third", StringComparison.Ordinal)).All(delivery => delivery.IsSignedWith(HubConversation.NewSecret))),
        new("5.1", "MUST", "A failure to confirm leaves the subscription unchanged", said => said.Got("main", "second") && said.To("main").Where(delivery => delivery.Text.Contains("second", StringComparison.Ordinal)).All(delivery => delivery.IsSignedWith(HubConversation.Secret))),
        new("5.1.1", "MUST", "The callback's query string is preserved during verification, and the parameters are appended with &", said => said.First.Query.StartsWith("?token=%E4%B8%AD&x=1&hub.", StringComparison.Ordinal)),
        new("5.1.2", "MUST", "The hub answers 202 Accepted to say that it will verify", said => said.Accepted.Status == HttpStatusCode.Accepted),
        new("5.1.2", "MUST", "Errors in a request are answered with 4xx or 5xx", said => said.Errors.All(error => (int)error.Status is >= 400 and < 600)),
        new("5.1.2", "SHOULD", "The description of an error is in the body, as plain text", said => said.Errors.All(error => error.Type == "text/plain" && error.Body.Trim().Length > 20)),
        new("5.2", "MUST", "A subscriber whose subscription is denied, at whatever time, is told by GET with hub.mode=denied", said => said.Of("ended")[^1]["hub.mode"] == "denied"),
        new("5.2", "MUST", "The denial names hub.topic", said => said.Of("ended")[^1]["hub.topic"] == said.Topic),
        new("5.2", "MAY", "The denial says hub.reason", said => said.Of("ended")[^1]["hub.reason"] == "We moved."),
        new("5.2", "MUST", "Who is denied gets no more", said => !said.Got("ended", "fifth") && !said.Got("ended", "sixth")),
        new("5.3", "MUST", "The hub verifies intent by GET before it acts", said => said.Of("main")[0]["hub.mode"] == "subscribe" && said.Of("main")[^1]["hub.mode"] == "unsubscribe"),
        new("5.3", "MUST", "The question repeats hub.mode and hub.topic as they were requested", said => said.First["hub.mode"] == "subscribe" && said.First["hub.topic"] == said.Topic),
        new("5.3", "MUST", "hub.challenge is random and never used twice", said => said.Questions.Where(question => question["hub.mode"] != "denied").Select(question => question["hub.challenge"]).ToList() is var all && all.TrueForAll(challenge => challenge?.Length == 64) && all.Distinct().Count() == all.Count),
        new("5.3", "MUST", "hub.lease_seconds is what the hub decided on, and is there when subscribing", said => said.First["hub.lease_seconds"] == "3600" && said.Questions.Where(question => question["hub.mode"] == "subscribe").All(question => question["hub.lease_seconds"] is not null)),
        new("5.3", "MAY", "hub.lease_seconds is not there when unsubscribing", said => said.Questions.Where(question => question["hub.mode"] == "unsubscribe").All(question => question["hub.lease_seconds"] is null)),
        new("5.3.1", "MUST", "Another body than the challenge is a failed verification", said => said.To("mute").Count == 0),
        new("5.3.1", "MUST", "3xx is a failed verification, and is not followed", said => said.To("moved").Count == 0 && said.Of("elsewhere").Count == 0),
        new("5.3.1", "MUST", "4xx is a failed verification", said => said.To("unwilling").Count == 0),
        new("5.3.1", "MUST", "An unsubscription that is not verified changes nothing", said => said.Got("main", "fourth")),
        new("5.3.1", "MUST", "An unsubscription that is verified ends the deliveries", said => !said.Got("main", "fifth") && !said.Got("main", "sixth")),
        new("5.3", "MUST", "A lease that is over ends the deliveries", said => said.Got("control", "sixth") && !said.Got("brief", "sixth")),
        new("7", "MUST", "Content is distributed by POST", said => said.Deliveries.All(delivery => delivery.Method == "POST")),
        new("7", "MUST", "Content-Type is that of the topic: Atom", said => said.To("main").All(delivery => delivery.ContentType == "application/atom+xml; charset=utf-8")),
        new("7", "MUST", "Content-Type is that of the topic: RSS, and so is the document", said => said.To("rss").All(delivery => delivery.ContentType == "application/rss+xml; charset=utf-8" && XDocument.Parse(delivery.Text).Root!.Name == "rss")),
        new("7", "MUST", "Content-Type is that of the topic: JSON Feed, and so is the document", said => said.To("json").All(delivery => delivery.ContentType == "application/feed+json; charset=utf-8" && JsonDocument.Parse(delivery.Text).RootElement.GetProperty("items").GetArrayLength() == 1)),
        new("7", "MUST", "At least one Link header names the hub", said => said.Deliveries.All(delivery => delivery.Links.Any(link => link.Contains($"<{said.Hub}>; rel=\"hub\"", StringComparison.Ordinal)))),
        new("7", "MUST", "One Link header names the topic as self", said => said.To("rss").All(delivery => string.Join(',', delivery.Links).Contains($"<{TopicIn(said, "rss")}>; rel=\"self\"", StringComparison.Ordinal))),
        new("7", "SHOULD", "All links are in one Link header", said => said.Deliveries.All(delivery => delivery.Links.Count == 1)),
        new("7", "MAY", "The payload is reduced to what changed", said => said.To("main").Where(delivery => delivery.Text.Contains("third", StringComparison.Ordinal)).All(delivery => !delivery.Text.Contains("second", StringComparison.Ordinal)) && !said.Got("main", "before")),
        new("7", "MUST", "The callback's query string is there at delivery, untouched", said => said.To("main").Count > 0),
        new("7", "MUST", "Other answers than 2xx are failures", said => said.To("main").Count(delivery => delivery.Text.Contains("fourth", StringComparison.Ordinal)) == 2),
        new("7", "SHOULD", "Failed deliveries are retried", said => said.To("main").Count(delivery => delivery.Status == 500) == 1 && said.To("main").Any(delivery => delivery.Status == 202 && delivery.Text.Contains("fourth", StringComparison.Ordinal))),
        new("7", "MAY", "410 ends the subscription", said => said.To("gone").Count == 1),
        new("8", "MUST", "With a secret there is X-Hub-Signature, an HMAC of the body with a method and lower-case hexadecimal", said => said.To("main").All(delivery => delivery.IsSignedWith(HubConversation.Secret) || delivery.IsSignedWith(HubConversation.NewSecret))),
        new("8", "MUST", "Without a secret there is none", said => said.To("control").All(delivery => delivery.Signature is null)),
    ];

    public static TheoryData<string> Rows => new(Table.Select(row => row.ToString()));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Holds(string requirement) => Assert.True(Table.Single(row => row.ToString() == requirement).Holds(said), requirement);

    private static string TopicIn(HubConversation said, string extension) => said.Topic[..^"atom".Length] + extension;

    private static bool AtomLinks(XElement feed, HubConversation said, string extension)
    {
        var links = feed.Elements(XNamespace.Get("http://www.w3.org/2005/Atom") + "link").ToLookup(link => link.Attribute("rel")?.Value, link => link.Attribute("href")?.Value, StringComparer.Ordinal);
        return links["hub"].SequenceEqual([said.Hub]) && links["self"].SequenceEqual([TopicIn(said, extension)]);
    }

    private sealed record Row(string Section, string Level, string Requirement, Func<HubConversation, bool> Holds)
    {
        public override string ToString() => $"§{Section} {Level}: {Requirement}";
    }
}
