namespace Aggregator.Core.Hub;

/// <summary>The section <c>Hub</c> of the configuration: how others subscribe at our hub (WebSub), and what they may cost us and strangers.</summary>
public sealed class HubOptions
{
    /// <summary>The longest lease that can be configured.</summary>
    public static readonly TimeSpan LongestLease = TimeSpan.FromDays(90);

    /// <summary>Whether there is a hub: whether <c>/hub</c> takes subscriptions and feeds name it.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The lease of who asks for none.</summary>
    public TimeSpan DefaultLease { get; set; } = TimeSpan.FromDays(10);

    /// <summary>The shortest lease that is given, at least one minute; who asks for less gets this.</summary>
    public TimeSpan MinLease { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest lease that is given, at most <see cref="LongestLease"/>; who asks for more gets this.</summary>
    public TimeSpan MaxLease { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a callback may take to answer, connecting included: over zero, up to one minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Deliveries at once that are quick, 1 to 1024. One that hangs gives its place to others after half a second.</summary>
    public int Concurrency { get; set; } = 128;

    /// <summary>Deliveries in flight altogether, those that hang included, at least <see cref="Concurrency"/>, up to 10,000.</summary>
    public int MaxInFlight { get; set; } = 1280;

    /// <summary>Connections to one callback host at once, 1 to 1024.</summary>
    public int PerHostConcurrency { get; set; } = 16;

    /// <summary>Entries in one delivery, 1 to 500; who is further behind gets several, oldest first.</summary>
    public int MaxEntries { get; set; } = 100;

    /// <summary>All subscriptions together, at least 1.</summary>
    public int MaxSubscriptions { get; set; } = 100_000;

    /// <summary>Subscriptions, asked for or verified, whose callbacks are on one host, at least 1.</summary>
    public int MaxPerHost { get; set; } = 5_000;

    /// <summary>Subscriptions, asked for or verified, that one client address (of IPv6: its /64) may have, at least 1.</summary>
    public int MaxPerClient { get; set; } = 1_000;

    /// <summary>Searches and selections that are subscribed to, at least 0: each is looked for anew when something changed.</summary>
    public int MaxSearches { get; set; } = 200;

    /// <summary>Requests that one client address may make of the hub in a minute, at least 1.</summary>
    public int RequestsPerMinute { get; set; } = 120;

    /// <summary>Requests that are taken for callbacks on one host in a minute, at least 1: each makes us ask that host once, whoever it is.</summary>
    public int RequestsPerHostPerMinute { get; set; } = 120;

    /// <summary>The wait after the first failed delivery, over zero; it doubles up to <see cref="LongestRetry"/>.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest wait between two deliveries.</summary>
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>After how many failures in a row a callback's circuit opens, for all its subscriptions together, 1 to 100.</summary>
    public int CircuitFailures { get; set; } = 5;

    /// <summary>How long a subscription may fail before it ends.</summary>
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (MinLease < TimeSpan.FromMinutes(1) || MinLease > MaxLease) return "Hub:MinLease must be a time from 00:01:00 to Hub:MaxLease.";
        if (MaxLease > LongestLease) return "Hub:MaxLease must be at most 90.00:00:00.";
        if (DefaultLease < MinLease || DefaultLease > MaxLease) return "Hub:DefaultLease must be a time from Hub:MinLease to Hub:MaxLease.";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(1)) return "Hub:Timeout must be a time over zero, up to 00:01:00.";
        if (Concurrency is < 1 or > 1024) return "Hub:Concurrency must be a number from 1 to 1024.";
        if (MaxInFlight < Concurrency || MaxInFlight > 10_000) return "Hub:MaxInFlight must be a number from Hub:Concurrency to 10000.";
        if (PerHostConcurrency is < 1 or > 1024) return "Hub:PerHostConcurrency must be a number from 1 to 1024.";
        if (MaxEntries is < 1 or > 500) return "Hub:MaxEntries must be a number from 1 to 500.";
        if (MaxSubscriptions < 1) return "Hub:MaxSubscriptions must be at least 1.";
        if (MaxPerHost < 1) return "Hub:MaxPerHost must be at least 1.";
        if (MaxPerClient < 1) return "Hub:MaxPerClient must be at least 1.";
        if (MaxSearches < 0) return "Hub:MaxSearches must not be negative.";
        if (RequestsPerMinute < 1) return "Hub:RequestsPerMinute must be at least 1.";
        if (RequestsPerHostPerMinute < 1) return "Hub:RequestsPerHostPerMinute must be at least 1.";
        if (FirstRetry <= TimeSpan.Zero || FirstRetry > LongestRetry) return "Hub:FirstRetry must be a time over zero, up to Hub:LongestRetry.";
        if (LongestRetry > TimeSpan.FromDays(1)) return "Hub:LongestRetry must be at most 1.00:00:00.";
        if (CircuitFailures is < 1 or > 100) return "Hub:CircuitFailures must be a number from 1 to 100.";
        return GiveUpAfter < LongestRetry ? "Hub:GiveUpAfter must be at least Hub:LongestRetry." : null;
    }

    /// <summary>The lease for who asked for so many seconds, or for none.</summary>
    public TimeSpan LeaseFor(long? seconds) =>
        seconds is not { } asked ? DefaultLease
        : asked <= MinLease.TotalSeconds ? MinLease
        : asked >= MaxLease.TotalSeconds ? MaxLease
        : TimeSpan.FromSeconds(asked);
}
