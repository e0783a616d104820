using System.ComponentModel.DataAnnotations;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Selections;

/// <summary>The section <c>Subscriptions</c> of the configuration: what visitors follow without an account.</summary>
public sealed class SelectionOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Subscriptions";

    /// <summary>The most categories, sources and searches that one selection may have, 1 to <see cref="ISelectionStore.MaxTopics"/>.</summary>
    [Range(1, ISelectionStore.MaxTopics, ErrorMessage = Section + ":{0} has to be between {1} and {2}.")]
    public int MaxPicks { get; set; } = 200;

    /// <summary>How often one address (of IPv6 one /64) may change a selection in a minute: 1 to 100,000.</summary>
    [Range(1, 100_000, ErrorMessage = Section + ":{0} has to be between {1} and {2}.")]
    public int WritesPerMinute { get; set; } = 30;

    /// <summary>How long a selection is kept that nobody uses, and its cookie: a day to ten years.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = Section + ":{0} has to be between {1} and {2}.")]
    public TimeSpan KeepUnused { get; set; } = TimeSpan.FromDays(365);
}
