using System.Security.Cryptography;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Stores;
using Aggregator.Server.Publish;
using Xunit;

namespace Aggregator.Server.Tests.Publish;

public sealed class RenderingTests
{
    [Fact]
    public async Task Packs_beside_and_then_knows_what_it_costs()
    {
        // So much of what packs badly that it takes a while.
        var identity = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        var topic = new PublishedTopic(
            Topic.Everything, Slug: null, "All", Description: null, "en", ShowAttribution: false, new TopicVersion(1, DateTimeOffset.UnixEpoch));
        var rendering = new Rendering(
            topic, ArchivePlace.None, FeedFormat.Atom, "http://127.0.0.1/all.atom", [], identity, position: 0, lastModified: null, renderedAt: 0);
        Assert.False(rendering.Packed.IsCompleted);
        Assert.Same(identity, await rendering.BodyAsync(ContentCoding.Identity));
        Assert.InRange(rendering.Cost, identity.Length, identity.Length + 4096);

        long expected = identity.Length;
        foreach (var coding in new[] { ContentCoding.Brotli, ContentCoding.Gzip }) expected += (await rendering.BodyAsync(coding)).Length;
        await rendering.Packed;
        Assert.InRange(rendering.Cost, expected, expected + 4096);
    }
}
