using Aggregator.Core.Model;
using Aggregator.Core.Publishing;

namespace Aggregator.Core.Hub;

/// <summary>A feed of ours as a topic that can be subscribed to.</summary>
/// <param name="Url">Its address, as the subscription named it. Of a selection it is a secret.</param>
/// <param name="Topic">What it is about.</param>
/// <param name="Format">The format that it is pushed in.</param>
public sealed record HubTopic(string Url, Topic Topic, FeedFormat Format)
{
    /// <summary>Whether whoever has the address can change what it names.</summary>
    public bool IsSecret => Topic is Topic.OfSelection;

    /// <summary>The address for logs and admins: without what opens a selection.</summary>
    public string ShownUrl => Topic is Topic.OfSelection { Token.Length: > 0 } selection ? Url.Replace(selection.Token, "…", StringComparison.Ordinal) : Url;

    /// <summary>As it may come into a log.</summary>
    public override string ToString() => ShownUrl;
}
