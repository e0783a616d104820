namespace Aggregator.Core.Stores;

/// <summary>How it stands with the capture of an entry's page. The numbers are stored; never renumber them.</summary>
public enum CaptureState
{
    /// <summary>It is to be looked at, for the first time or again after a failure.</summary>
    Waiting = 1,

    /// <summary>The last look succeeded.</summary>
    Captured = 2,

    /// <summary>The last look found nothing that may or can be kept.</summary>
    Refused = 3,

    /// <summary>The last look failed as often as it may.</summary>
    GivenUp = 4,

    /// <summary>It turned out not to be wanted.</summary>
    NotWanted = 5,
}
