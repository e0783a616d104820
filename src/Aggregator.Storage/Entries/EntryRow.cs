using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Publishing;
using Aggregator.Core.Snapshots;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Snapshots;

namespace Aggregator.Storage.Entries;

/// <summary>An entry as it is read.</summary>
internal sealed record EntryRow
{
    public required long Id { get; init; }
    public required long SourceId { get; init; }
    public required string Key { get; init; }
    public string? Guid { get; init; }
    public string? Url { get; init; }
    public required string Title { get; init; }
    public string? Summary { get; init; }
    public string? Authors { get; init; }
    public string? Tags { get; init; }
    public string? Enclosures { get; init; }
    public string? ImageUrl { get; init; }
    public string? Language { get; init; }
    public long? PublishedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string? Rights { get; init; }
    public string? ClaimedTitle { get; init; }
    public string? ClaimedUrl { get; init; }
    public string? License { get; init; }
    public int Wishes { get; init; }

    /// <summary>How much of the entries of its source may be shown; a statement that forgets to ask shows nothing.</summary>
    public required int SourceLevel { get; init; }
    public required byte[] ContentHash { get; init; }
    public required long FirstSeenAt { get; init; }
    public required long CapturedAt { get; init; }
    public required int Version { get; init; }
    public required long SortAt { get; init; }
    public required int BodyNumber { get; init; }

    /// <summary>The category that it was read for, where several were.</summary>
    public long CategoryId { get; init; }

    /// <summary>The packed document of the snapshot whose body is shown, where it was asked for and is kept.</summary>
    public byte[]? Document { get; init; }

    /// <summary>The passage that makes it related to another, where it was asked for.</summary>
    public string? Passage { get; init; }

    /// <summary>What may be shown of it, which is something: see <see cref="EntryRights.IsShown"/>.</summary>
    public StoredEntry ToShown()
    {
        var ofSource = (RepublishLevel)SourceLevel;
        var isWhole = RepublishRule.LevelOf(ofSource, (PublisherWishes)Wishes) == RepublishLevel.Full;
        return RepublishRule.Show(ToStored(isWhole), ofSource)
            ?? throw new InvalidOperationException($"Entry {Id} may not be shown, and a statement gave it to be: it has to ask for {nameof(EntryRights.IsShown)}.");
    }

    /// <summary>All of it, as it is stored.</summary>
    public StoredEntry ToStored() => ToStored(withContent: true);

    private StoredEntry ToStored(bool withContent) => new()
    {
        Id = Id,
        SourceId = SourceId,
        Entry = new Entry
        {
            Key = Key,
            Guid = Guid,
            Url = Url,
            Title = Title,
            Summary = Summary,
            Content = Document is null || !withContent ? null : SnapshotDocument.ReadContent(SnapshotPacking.Unpack(Document)),
            Authors = Authors is null ? [] : JsonSerializer.Deserialize(Authors, StoreJson.Lists.PersonArray) ?? [],
            Tags = Tags is null ? [] : JsonSerializer.Deserialize(Tags, StoreJson.Lists.StringArray) ?? [],
            Enclosures = Enclosures is null ? [] : JsonSerializer.Deserialize(Enclosures, StoreJson.Lists.EnclosureArray) ?? [],
            ImageUrl = ImageUrl,
            Language = Language,
            PublishedAt = UnixTime.FromMilliseconds(PublishedAt),
            UpdatedAt = UnixTime.FromMilliseconds(UpdatedAt),
            Rights = Rights,
            LicenseUrl = License,
            Wishes = (PublisherWishes)Wishes,
            ClaimedSource = ClaimedTitle is null && ClaimedUrl is null ? null : new ClaimedSource(ClaimedTitle, ClaimedUrl),
            ContentHash = ContentHash,
        },
        FirstSeenAt = UnixTime.FromMilliseconds(FirstSeenAt),
        CapturedAt = UnixTime.FromMilliseconds(CapturedAt),
        Version = Version,
        BodyVersion = BodyNumber,
        SortAt = UnixTime.FromMilliseconds(SortAt),
    };
}
