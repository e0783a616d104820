namespace Aggregator.Core.WebSub;

/// <summary>The section <c>WebSub</c> of the configuration: how we subscribe at other people's hubs.</summary>
public sealed class WebSubOptions
{
    /// <summary><c>auto</c>: when hubs can reach us by https; <c>on</c>: by whatever the public address is; <c>off</c>.</summary>
    public string Enabled { get; set; } = "auto";

    /// <summary>The lease that hubs are asked for; they decide. One hour to <see cref="HubLifecycle.LongestLease"/>.</summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromDays(10);

    /// <summary>The largest push that is read, in bytes, at least 1024; a larger one is answered with 413.</summary>
    public int MaxPushBytes { get; set; } = 5 * 1024 * 1024;

    /// <summary>After how many polls in a row that each found what the hub had not pushed it is not relied upon any more, 1 to 100.</summary>
    public int MaxMisses { get; set; } = 3;

    /// <summary>Requests that one address may make of the callback in a minute, 1 to 100,000; a hub sends for all its topics from few addresses.</summary>
    public int RequestsPerMinute { get; set; } = 600;

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (Enabled?.ToLowerInvariant() is not ("auto" or "on" or "off")) return $"WebSub:Enabled is '{Enabled}'; it must be 'auto', 'on' or 'off'.";
        if (LeaseTime < TimeSpan.FromHours(1) || LeaseTime > HubLifecycle.LongestLease) return "WebSub:LeaseTime must be a time from 01:00:00 to 30.00:00:00.";
        if (MaxPushBytes is < 1024 or > 100 * 1024 * 1024) return "WebSub:MaxPushBytes must be a number of bytes from 1024 to 104857600.";
        if (MaxMisses is < 1 or > 100) return "WebSub:MaxMisses must be a number from 1 to 100.";
        return RequestsPerMinute is < 1 or > 100_000 ? "WebSub:RequestsPerMinute must be a number from 1 to 100000." : null;
    }

    /// <summary>Whether we subscribe: a callback by plain http can be read and forged on its way, so that it has to be asked for.</summary>
    /// <param name="publicUrl">Our public address.</param>
    public bool IsActive(Uri publicUrl)
    {
        ArgumentNullException.ThrowIfNull(publicUrl);
        return Enabled.ToLowerInvariant() switch
        {
            "on" => true,
            "auto" => publicUrl.Scheme == Uri.UriSchemeHttps,
            _ => false,
        };
    }
}
