using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Aggregator.Core.Stores;

namespace Aggregator.Core.Snapshots;

/// <summary>
/// Computes everything anew that proofs rest on: the hash of every text, the root of every day, the chain of the days. One pass by
/// number, in memory that does not grow with the store.
/// </summary>
/// <param name="store">What is verified.</param>
public sealed class SnapshotVerification(ISealStore store)
{
    /// <summary>How many snapshots were looked at so far.</summary>
    public long Snapshots { get; private set; }

    /// <summary>How many of them have a text no longer, by retention or take-down.</summary>
    public long NoLongerKept { get; private set; }

    /// <summary>How many days' seals were looked at so far.</summary>
    public long Seals { get; private set; }

    /// <summary>How many snapshots no day has sealed yet.</summary>
    public long Unsealed { get; private set; }

    /// <summary>Told of every snapshot that was looked at, with how many there were so far; null for nobody.</summary>
    public Action<long>? Looked { get; init; }

    /// <summary>What does not match, each in a sentence that names it, as it is found.</summary>
    public async IAsyncEnumerable<string> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var seals = store.ReadSealsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        Seal? previous = null;
        var seal = await seals.MoveNextAsync().ConfigureAwait(false) ? seals.Current : null;
        var root = new MerkleRoot();
        await foreach (var kept in store.ReadSnapshotsAsync(cancellationToken).ConfigureAwait(false))
        {
            while (seal is not null && seal.LastId < kept.Snapshot.Id)
            {
                foreach (var problem in Judge(seal, previous, root)) yield return problem;
                (previous, root) = (seal, new MerkleRoot());
                seal = await seals.MoveNextAsync().ConfigureAwait(false) ? seals.Current : null;
            }

            if (seal is null) Unsealed++;
            else if (kept.Snapshot.Id < seal.FirstId) yield return $"{Name(kept.Snapshot)} stands between the days and is in no proof.";
            else root.Add(kept.Snapshot.Sha256.Span);
            if (Judge(kept) is { } mismatch) yield return mismatch;
        }

        while (seal is not null)
        {
            foreach (var problem in Judge(seal, previous, root)) yield return problem;
            (previous, root) = (seal, new MerkleRoot());
            seal = await seals.MoveNextAsync().ConfigureAwait(false) ? seals.Current : null;
        }

        await foreach (var entry in store.ReadGapsAsync(cancellationToken).ConfigureAwait(false))
            yield return string.Create(CultureInfo.InvariantCulture, $"The snapshots of article {entry} are not numbered one after the other.");
    }

    private string? Judge(KeptSnapshot kept)
    {
        Snapshots++;
        Looked?.Invoke(Snapshots);
        var snapshot = kept.Snapshot;
        if (kept.Damage is not null) return $"{Name(snapshot)}: {kept.Damage}";
        if (kept.Bytes is not { } bytes)
        {
            NoLongerKept++;
            return snapshot.Removal is null ? $"{Name(snapshot)} has lost its text, and nothing says why." : null;
        }

        if (snapshot.Removal is { } removal) return $"{Name(snapshot)} still has the text that was to go ({removal}).";
        if (!SHA256.HashData(bytes.Span).AsSpan().SequenceEqual(snapshot.Sha256.Span))
            return $"{Name(snapshot)} does not have the SHA-256 that was taken of it: the text or the hash was changed.";
        return Disagreement(snapshot, bytes.Span);
    }

    /// <summary>What lists show of a snapshot must be what its text says.</summary>
    private static string? Disagreement(Snapshot snapshot, ReadOnlySpan<byte> bytes)
    {
        SnapshotDocument document;
        try
        {
            document = SnapshotDocument.Read(bytes);
        }
        catch (InvalidDataException error)
        {
            return $"{Name(snapshot)}: {error.Message}";
        }

        var differs = document.CapturedAt != snapshot.CapturedAt ? "time of capture"
            : document.Kind != snapshot.Kind ? "kind"
            : document.PublishedAt?.ToUnixTimeMilliseconds() != snapshot.PublishedAt?.ToUnixTimeMilliseconds() ? "publication date"
            : snapshot.Title is not null && document.Title != snapshot.Title ? "title"
            : null;
        return differs is null ? null : $"{Name(snapshot)} is listed with another {differs} than its text has.";
    }

    private IEnumerable<string> Judge(Seal seal, Seal? previous, MerkleRoot root)
    {
        Seals++;
        var day = seal.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        if (root.Count != seal.Count)
            yield return string.Create(CultureInfo.InvariantCulture, $"The proof of {day} is over {seal.Count} snapshots, but there are {root.Count}.");
        else if (!root.Finish().AsSpan().SequenceEqual(seal.Root.Span))
            yield return $"The root of {day} does not match: the hash of one of its snapshots was changed.";
        if (seal.PreviousDay != previous?.Day || !seal.Previous.Span.SequenceEqual(previous?.Hash() ?? []))
            yield return $"The proof of {day} does not name the proof before it: the chain is broken.";
        if (previous is not null && (seal.Day <= previous.Day || seal.FirstId <= previous.LastId))
            yield return $"The proof of {day} does not follow the one before it.";
    }

    private static string Name(Snapshot snapshot) => string.Create(
        CultureInfo.InvariantCulture, $"Snapshot {snapshot.Number} of article {snapshot.EntryId} ({SnapshotStamp.Of(snapshot.CapturedAt)})");
}
