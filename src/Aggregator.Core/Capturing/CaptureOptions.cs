using System.Globalization;
using Aggregator.Core.Extracting;
using Aggregator.Core.Model;

namespace Aggregator.Core.Capturing;

/// <summary>The section <c>Capture</c> of the configuration: how the pages of articles are captured. Which sources' is each source's own matter.</summary>
public sealed class CaptureOptions
{
    /// <summary>The most looks after the first.</summary>
    public const int MaxLooks = 20;

    /// <summary>The words from which a feed's text is no longer short, for sources with no bound of their own; a Chinese character counts as one.</summary>
    public int ShortBelow { get; set; } = 300;

    /// <summary>How long after an article's publication its page is looked at again, times with commas between; empty for never.</summary>
    public string Again { get; set; } = "01:00:00, 06:00:00, 1.00:00:00, 7.00:00:00";

    /// <summary>Pages in work in one process, 1 to 64; one host never has more than one of them.</summary>
    public int Concurrency { get; set; } = 8;

    /// <summary>How often one look is tried before it is given up, 1 to 20.</summary>
    public int Attempts { get; set; } = 6;

    /// <summary>The wait after the first failure; it doubles with each further one. Also how long a host whose robots.txt cannot be read is left alone.</summary>
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest wait after a failure.</summary>
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The most time for one article with all its pages, the waits for its host's turn included.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>The largest page, in bytes after decompression, 1024 to <see cref="ExtractionLimits.MaxPageBytes"/>.</summary>
    public long MaxPageBytes { get; set; } = ExtractionLimits.MaxPageBytes;

    /// <summary>The most pages of one article, 1 to <see cref="ExtractionLimits.MaxPages"/>.</summary>
    public int MaxPages { get; set; } = ExtractionLimits.MaxPages;

    /// <summary><see cref="Again"/> in ascending order.</summary>
    /// <exception cref="FormatException">It cannot be read; see <see cref="Problem"/>.</exception>
    public IReadOnlyList<TimeSpan> Looks() =>
        [.. Again.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(time => TimeSpan.Parse(time, CultureInfo.InvariantCulture)).Order()];

    /// <summary>Names the first setting that cannot be used, in a sentence, or returns null.</summary>
    public string? Problem()
    {
        if (ShortBelow is < 1 or > CapturePolicy.MaxShortBelow) return $"Capture:ShortBelow must be a number of words from 1 to {CapturePolicy.MaxShortBelow}.";
        var times = (Again ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (times.Length > MaxLooks || Array.Exists(times, static time =>
            !TimeSpan.TryParse(time, CultureInfo.InvariantCulture, out var look) || look <= TimeSpan.Zero || look > TimeSpan.FromDays(3660)))
            return $"Capture:Again is '{Again}'; it must be up to {MaxLooks} times over zero with commas between, such as 01:00:00, 1.00:00:00, or empty.";
        if (Concurrency is < 1 or > 64) return "Capture:Concurrency must be a number from 1 to 64.";
        if (Attempts is < 1 or > 20) return "Capture:Attempts must be a number from 1 to 20.";
        if (FirstRetry <= TimeSpan.Zero || FirstRetry > TimeSpan.FromDays(1)) return "Capture:FirstRetry must be a time over zero, up to 1.00:00:00.";
        if (LongestRetry < FirstRetry || LongestRetry > TimeSpan.FromDays(31)) return "Capture:LongestRetry must be a time from Capture:FirstRetry to 31.00:00:00.";
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(30)) return "Capture:Timeout must be a time from 00:00:01 to 00:30:00.";
        if (MaxPageBytes is < 1024 or > ExtractionLimits.MaxPageBytes) return $"Capture:MaxPageBytes must be a number of bytes from 1024 to {ExtractionLimits.MaxPageBytes}.";
        return MaxPages is < 1 or > ExtractionLimits.MaxPages ? $"Capture:MaxPages must be a number from 1 to {ExtractionLimits.MaxPages}." : null;
    }
}
