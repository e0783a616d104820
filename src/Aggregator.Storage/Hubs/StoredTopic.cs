using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Hub;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Topics;

namespace Aggregator.Storage.Hubs;

/// <summary>How topics of the hub stand in the store: each by its address, but a secret one by the address's hash, with the address sealed beside.</summary>
internal static class StoredTopic
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns = "hub_topic.url as topic_url, hub_topic.sealed_url, hub_topic.kind, hub_topic.topic_id as about, hub_topic.query, hub_topic.format";

    private const string HashPrefix = "sha256:";

    /// <summary>What a topic is found by.</summary>
    public static string KeyOf(HubTopic topic) => topic.IsSecret ? HashOf(topic.Url) : StorableText.Of(topic.Url);

    /// <summary>What a secret topic of this address is found by.</summary>
    public static string HashOf(string url) => HashPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(url)));

    /// <summary>The topic of a row. One that was sealed with a key that is lost is a selection that nobody has.</summary>
    public static HubTopic Read(string key, string? sealedUrl, int kind, long about, string? query, int format, ISecretSealer sealer)
    {
        var written = (FeedFormat)format;
        if (sealedUrl is null) return new HubTopic(key, TopicVersions.TopicOf(kind, about, query), written);
        var url = sealer.Open(sealedUrl) ?? "";
        return new HubTopic(url, Topic.Selection(TokenOf(url)), written);
    }

    /// <summary>The token in a selection's address: what stands between the last slash and the extension.</summary>
    private static string TokenOf(string url) => url[(url.LastIndexOf('/') + 1)..].Split('.')[0];
}
