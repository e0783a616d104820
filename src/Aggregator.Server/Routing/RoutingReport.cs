using System.Globalization;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Routing;

/// <summary>What applying rules to stored entries changed, as the list of changes tells it: how many, and the first of them one by one.</summary>
internal sealed class RoutingReport
{
    /// <summary>How many changed entries are named one by one; the others are counted.</summary>
    public const int MaxNamed = 20;

    private const int MaxTitleLength = 60;

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
            var (name, title) = (entry.EntryId.ToString(CultureInfo.InvariantCulture), TextCut.WithEllipsis(entry.Title, MaxTitleLength));
            _before[name] = $"{title} ({entry.Before})";
            if (entry.After is { } after) _after[name] = $"{title} ({after})";
        }
    }
}
