using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Aggregator.Core.Model;
using Aggregator.Core.Snapshots;
using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;
using Aggregator.Storage.Snapshots;

namespace Aggregator.Storage.Entries;

/// <summary>An entry on its way in, every text storable, every list JSON.</summary>
internal sealed record NewEntryRow
{
    public required string Key { get; init; }
    public required string? Guid { get; init; }
    public required string? Url { get; init; }
    public required long? UrlHash { get; init; }
    public required string Title { get; init; }
    public required string? Summary { get; init; }
    public required string? Authors { get; init; }
    public required string? Tags { get; init; }
    public required string? Enclosures { get; init; }
    public required string? ImageUrl { get; init; }
    public required string? Language { get; init; }
    public required long? PublishedAt { get; init; }
    public required long? UpdatedAt { get; init; }
    public required string? Rights { get; init; }
    public required string? ClaimedTitle { get; init; }
    public required string? ClaimedUrl { get; init; }
    public required string? License { get; init; }
    public required int Wishes { get; init; }
    public required byte[] ContentHash { get; init; }

    /// <summary>Its first snapshot, or the next one of an entry that changed.</summary>
    public required NewSnapshotRow Snapshot { get; init; }

    /// <summary>When it came, in unix milliseconds.</summary>
    public required long At { get; init; }

    /// <summary>The earlier of its publication and its coming: a date in the future cannot pin it to the top.</summary>
    public required long SortAt { get; init; }

    public static NewEntryRow From(Entry entry, FeedDocuments documents, CaptureFacts facts, DateTimeOffset at)
    {
        var publishedAt = UnixTime.ToMilliseconds(entry.PublishedAt);
        var url = StorableText.Of(entry.Url);
        return new NewEntryRow
        {
            Key = StorableText.Of(entry.Key),
            Guid = StorableText.Of(entry.Guid),
            Url = url,
            UrlHash = url is null ? null : HashOf(url),
            Title = StorableText.Of(entry.Title),
            Summary = StorableText.Of(entry.Summary),
            Authors = entry.Authors.Count == 0
                ? null
                : JsonSerializer.Serialize(
                    [.. entry.Authors.Select(person => new Person(StorableText.Of(person.Name), StorableText.Of(person.Email), StorableText.Of(person.Url)))],
                    StoreJson.Lists.PersonArray),
            Tags = entry.Tags.Count == 0
                ? null
                : JsonSerializer.Serialize([.. entry.Tags.Select(tag => StorableText.Of(tag))], StoreJson.Lists.StringArray),
            Enclosures = entry.Enclosures.Count == 0
                ? null
                : JsonSerializer.Serialize(
                    [.. entry.Enclosures.Select(file => new Enclosure(StorableText.Of(file.Url), StorableText.Of(file.Type), file.Length))],
                    StoreJson.Lists.EnclosureArray),
            ImageUrl = StorableText.Of(entry.ImageUrl),
            Language = StorableText.Of(entry.Language),
            PublishedAt = publishedAt,
            UpdatedAt = UnixTime.ToMilliseconds(entry.UpdatedAt),
            Rights = StorableText.Of(entry.Rights),
            ClaimedTitle = StorableText.Of(entry.ClaimedSource?.Title),
            ClaimedUrl = StorableText.Of(entry.ClaimedSource?.Url),
            License = StorableText.Of(entry.LicenseUrl),
            Wishes = (int)entry.Wishes,
            ContentHash = entry.ContentHash.ToArray(),
            Snapshot = NewSnapshotRow.From(documents.Of(entry), entry.ContentHash, facts),
            At = at.ToUnixTimeMilliseconds(),
            SortAt = Math.Min(publishedAt ?? long.MaxValue, at.ToUnixTimeMilliseconds()),
        };
    }

    /// <summary>The same with tags of ours besides the publisher's.</summary>
    public NewEntryRow WithTags(Entry entry, IEnumerable<string> own)
    {
        var more = own.Except(entry.Tags, StringComparer.OrdinalIgnoreCase).ToList();
        return more.Count == 0
            ? this
            : this with { Tags = JsonSerializer.Serialize([.. entry.Tags.Concat(more).Select(tag => StorableText.Of(tag))], StoreJson.Lists.StringArray) };
    }

    /// <summary>A link as a number for the index: links of any length fit, and it is a tenth of their size. Equal numbers are not yet equal links.</summary>
    public static long HashOf(string url) =>
        BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(url)));
}
