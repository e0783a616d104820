using System.Globalization;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Routing;

/// <summary>
/// What applying rules to stored entries changed, as the list of changes tells it: how many, and the first of them by their numbers, with
/// their categories and with the tags that rules gave or took. Nothing of an article is told: the list is never erased, an article may be.
/// </summary>
internal sealed class RoutingReport
{
    /// <summary>How many changed entries are named one by one; the others are counted.</summary>
    public const int MaxNamed = 20;

    /// <summary>How many characters are told of one entry: so much of all of them fits into <see cref="AuditedChange.MaxStateLength"/>.</summary>
    private const int MaxPlacementLength = 200;

    private readonly Dictionary<string, string> _before = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _after = new(StringComparer.Ordinal);

    /// <summary>How many entries the rules were asked about.</summary>
    public int Asked { get; private set; }

    /// <summary>How many of them are elsewhere, tagged otherwise or deleted now.</summary>
    public int Changed { get; private set; }

    /// <summary>How many of those were deleted.</summary>
    public int Dropped { get; private set; }

    /// <summary>How it was, for the list of changes.</summary>
    public object Before => new { Entries = _before };

    /// <summary>How it is, for the list of changes. An entry that was deleted is missing.</summary>
    public object After => new { Asked, Changed, Dropped, Entries = _after };

    /// <summary>Adds what one batch changed.</summary>
    public void Add(int asked, IReadOnlyList<ReroutedEntry> rerouted)
    {
        Asked += asked;
        Changed += rerouted.Count;
        Dropped += rerouted.Count(static entry => entry.After is null);
        foreach (var entry in rerouted.Take(MaxNamed - _before.Count))
        {
            var number = entry.EntryId.ToString(CultureInfo.InvariantCulture);
            _before[number] = Told(entry.Before, entry.After);
            if (entry.After is { } after) _after[number] = Told(after, entry.Before);
        }
    }

    // What differs stands in front, so that it is not what is cut. Tags that are on both sides are the publisher's words.
    private static string Told(EntryPlacement placement, EntryPlacement? other)
    {
        var own = placement.Categories.Except(other?.Categories ?? [], StringComparer.Ordinal).ToList();
        IEnumerable<string> tags = other is null ? [] : placement.Tags.Except(other.Tags, StringComparer.Ordinal).Select(static tag => "#" + tag);
        return TextCut.WithEllipsis(string.Join(' ', [.. own, .. tags, .. placement.Categories.Except(own, StringComparer.Ordinal)]), MaxPlacementLength);
    }
}
