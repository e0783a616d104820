namespace Aggregator.Core.Model;

/// <summary>Which entries of a source have their pages captured. The numbers are stored; never renumber them.</summary>
public enum CaptureMode
{
    /// <summary>None: what the feed says is all that is kept.</summary>
    Off = 0,

    /// <summary>Those whose feed text is shorter than <see cref="CapturePolicy.ShortBelow"/>.</summary>
    WhenShort = 1,

    /// <summary>Every one that has a link.</summary>
    Always = 2,
}
