using System.Globalization;

namespace Aggregator.Core.Crawling;

/// <summary>The section <c>Refresh</c> of the configuration: the bounds of every source's schedule.</summary>
public sealed class RefreshOptions
{
    /// <summary>The shortest time between two fetches of a source.</summary>
    public TimeSpan MinInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest time between two fetches of a source, failures included.</summary>
    public TimeSpan MaxInterval { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How much haste new entries are worth: 1 is our choice; at 4 they are found about twice as fast for about twice the
    /// requests, at 0.25 the other way round. From 0.01 to 100.
    /// </summary>
    public double Eagerness { get; set; } = 1;

    /// <summary>The time between two fetches of a source whose hub tells us of its news: they only find what a hub has missed.</summary>
    public TimeSpan HubInterval { get; set; } = TimeSpan.FromDays(1);

    /// <summary>How often we look for due sources: whole seconds below a minute, or whole minutes up to 59.</summary>
    public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary><see cref="CheckEvery"/> as a cron expression, with seconds where it needs them.</summary>
    public string CheckCron() => CheckEvery < TimeSpan.FromMinutes(1)
        ? string.Create(CultureInfo.InvariantCulture, $"*/{CheckEvery.TotalSeconds:0} * * * * *")
        : string.Create(CultureInfo.InvariantCulture, $"*/{CheckEvery.TotalMinutes:0} * * * *");

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (MinInterval < TimeSpan.FromSeconds(1)) return "Refresh:MinInterval must be at least 00:00:01.";
        if (MaxInterval > TimeSpan.FromDays(366)) return "Refresh:MaxInterval must be at most 366.00:00:00.";
        if (Eagerness is not (>= 0.01 and <= 100)) return "Refresh:Eagerness must be a number from 0.01 to 100.";
        if (HubInterval < TimeSpan.FromMinutes(1) || HubInterval > TimeSpan.FromDays(31)) return "Refresh:HubInterval must be 00:01:00 to 31.00:00:00.";
        if (CheckEvery < TimeSpan.FromSeconds(1) || CheckEvery >= TimeSpan.FromHours(1)
            || CheckEvery.Ticks % (CheckEvery < TimeSpan.FromMinutes(1) ? TimeSpan.TicksPerSecond : TimeSpan.TicksPerMinute) != 0)
            return "Refresh:CheckEvery must be 1 to 59 whole seconds or 1 to 59 whole minutes.";
        return MaxInterval < MinInterval ? "Refresh:MaxInterval must not be shorter than Refresh:MinInterval." : null;
    }
}
