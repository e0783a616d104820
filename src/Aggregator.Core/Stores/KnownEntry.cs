using Aggregator.Core.Model;

namespace Aggregator.Core.Stores;

/// <summary>What a refresh has to know of an entry that is stored already.</summary>
public sealed record KnownEntry
{
    /// <summary>Its number.</summary>
    public required long Id { get; init; }

    /// <summary>Its key.</summary>
    public required string Key { get; init; }

    /// <summary>The publisher's guid, as it stood.</summary>
    public string? Guid { get; init; }

    /// <summary>The publisher's page.</summary>
    public string? Url { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its publication date.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>The hash of its version.</summary>
    public required ReadOnlyMemory<byte> ContentHash { get; init; }

    /// <summary>Its rights line.</summary>
    public string? Rights { get; init; }

    /// <summary>The address of its licence.</summary>
    public string? LicenseUrl { get; init; }

    /// <summary>What the publisher asks of those who would republish it.</summary>
    public PublisherWishes Wishes { get; init; }

    /// <summary>The number of its newest version.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When a document last held it.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Whether a document of <paramref name="at"/> that holds it has to renew its last-seen mark.</summary>
    public bool IsSeenMarkOld(DateTimeOffset at) => at - LastSeenAt >= RefreshWrite.SeenRenewal;
}
