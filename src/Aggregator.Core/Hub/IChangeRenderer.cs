namespace Aggregator.Core.Hub;

/// <summary>Writes what changed in a topic.</summary>
public interface IChangeRenderer
{
    /// <summary>
    /// The entries that came or changed after <paramref name="position"/> up to <paramref name="target"/>, oldest changes first and at most
    /// <see cref="HubOptions.MaxEntries"/>; null when there is no such topic any more.
    /// </summary>
    Task<ChangeDocument?> RenderAsync(HubTopic topic, long position, long target, CancellationToken cancellationToken);
}
