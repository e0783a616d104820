namespace Aggregator.Core.Fetching;

/// <summary>The section <c>Fetching</c> of the configuration: how we ask other people's servers.</summary>
public sealed class FetchingOptions
{
    /// <summary>Hosts, <c>host:port</c>s, addresses and CIDR blocks that the guard lets through although they are not public.</summary>
    public IList<string> AllowedTargets { get; set; } = [];

    /// <summary>Fetches in flight in one process, 1 to 1024.</summary>
    public int Concurrency { get; set; } = 64;

    /// <summary>Fetches in flight to one host, 1 to 64.</summary>
    public int PerHostConcurrency { get; set; } = 2;

    /// <summary>The least time between two starts to one host.</summary>
    public TimeSpan PerHostGap { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The largest body after decompression, in bytes, at least 1024.</summary>
    public long MaxBodyBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>The largest body on the wire, in bytes, at least 1024.</summary>
    public long MaxWireBytes { get; set; } = 20 * 1024 * 1024;

    /// <summary>
    /// What the bodies of all fetches in flight may take together, in bytes, besides the first 128 KiB of each, at least
    /// 1024; one body may pass it, so that it gets through at all.
    /// </summary>
    public long MaxBytesInFlight { get; set; } = 16 * 1024 * 1024;

    /// <summary>The most time for a whole exchange, redirects and body included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The most time to open one connection, TLS included.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The most time from a request to the head of its answer.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The most time from the head of an answer to the end of its body.</summary>
    public TimeSpan BodyTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>The least bytes a second at which a body has to come, on the average after five seconds; 0 for none.</summary>
    public int MinBytesPerSecond { get; set; } = 240;

    /// <summary>The most redirects that one fetch follows, 0 to 20.</summary>
    public int MaxRedirects { get; set; } = 7;

    /// <summary>The largest response head, in kibibytes, 1 to 1024.</summary>
    public int MaxHeaderKibibytes { get; set; } = 64;

    /// <summary>How many fetches in a row a permanent redirect must be seen on before the source moves there, 1 to 1000.</summary>
    public int AdoptMoveSeen { get; set; } = 5;

    /// <summary>For how long a permanent redirect must stand before the source moves there.</summary>
    public TimeSpan AdoptMoveAfter { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a source may answer 404 or have no address before it counts as gone.</summary>
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromDays(28);

    /// <summary>How we name ourselves; null for our name, version and <see cref="ContactUrl"/>.</summary>
    public string? UserAgent { get; set; }

    /// <summary>Where an operator learns who we are and how to slow or stop us; null for the site's own address.</summary>
    public string? ContactUrl { get; set; }

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (Concurrency is < 1 or > 1024) return "Fetching:Concurrency must be a number from 1 to 1024.";
        if (PerHostConcurrency is < 1 or > 64) return "Fetching:PerHostConcurrency must be a number from 1 to 64.";
        if (PerHostGap < TimeSpan.Zero || PerHostGap > TimeSpan.FromMinutes(10)) return "Fetching:PerHostGap must be a time from 00:00:00 to 00:10:00.";
        if (MaxBodyBytes is < 1024 or > int.MaxValue) return "Fetching:MaxBodyBytes must be a number of bytes from 1024 to 2147483647.";
        if (MaxWireBytes is < 1024 or > int.MaxValue) return "Fetching:MaxWireBytes must be a number of bytes from 1024 to 2147483647.";
        if (MaxBytesInFlight is < 1024 or > 1L << 40) return "Fetching:MaxBytesInFlight must be a number of bytes from 1024 to 1099511627776.";
        if (HeadersTimeout <= TimeSpan.Zero || HeadersTimeout > TimeSpan.FromMinutes(10)) return "Fetching:HeadersTimeout must be a time over zero, up to 00:10:00.";
        if (BodyTimeout <= TimeSpan.Zero || BodyTimeout > TimeSpan.FromMinutes(10)) return "Fetching:BodyTimeout must be a time over zero, up to 00:10:00.";
        if (MinBytesPerSecond < 0) return "Fetching:MinBytesPerSecond must not be negative.";
        if (AdoptMoveSeen is < 1 or > 1000) return "Fetching:AdoptMoveSeen must be a number from 1 to 1000.";
        if (AdoptMoveAfter < TimeSpan.Zero) return "Fetching:AdoptMoveAfter must not be negative.";
        if (DeadAfter < TimeSpan.FromDays(1)) return "Fetching:DeadAfter must be at least 1.00:00:00.";
        if (Timeout <= TimeSpan.Zero || Timeout > TimeSpan.FromMinutes(10)) return "Fetching:Timeout must be a time over zero, up to 00:10:00.";
        if (ConnectTimeout <= TimeSpan.Zero || ConnectTimeout > TimeSpan.FromMinutes(10)) return "Fetching:ConnectTimeout must be a time over zero, up to 00:10:00.";
        if (MaxRedirects is < 0 or > 20) return "Fetching:MaxRedirects must be a number from 0 to 20.";
        if (MaxHeaderKibibytes is < 1 or > 1024) return "Fetching:MaxHeaderKibibytes must be a number from 1 to 1024.";
        if (UserAgent is not null && UserAgent.Any(char.IsControl)) return "Fetching:UserAgent must be one line of text.";
        if (ContactUrl is not null && !Uri.TryCreate(ContactUrl, UriKind.Absolute, out _)) return "Fetching:ContactUrl must be an absolute address.";
        foreach (var (target, index) in AllowedTargets.Select((target, index) => (target, index)))
            if (!AllowedTarget.TryParse(target, out _))
                return $"Fetching:AllowedTargets:{index} is '{target}'; it must be a host, a host:port, an IP address or a CIDR block such as 127.0.0.0/8.";

        return null;
    }
}
