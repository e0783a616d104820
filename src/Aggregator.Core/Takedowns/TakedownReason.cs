namespace Aggregator.Core.Takedowns;

/// <summary>Why somebody asks for a take-down. The numbers are stored; never renumber them.</summary>
public enum TakedownReason
{
    /// <summary>None of the others.</summary>
    Other = 0,

    /// <summary>The text or its pictures belong to somebody who does not want them here.</summary>
    Copyright = 1,

    /// <summary>It tells of somebody's private life.</summary>
    Privacy = 2,

    /// <summary>It is wrong, or was corrected or withdrawn by its publisher.</summary>
    Incorrect = 3,

    /// <summary>A court or an authority orders it, or a law forbids it.</summary>
    Legal = 4,
}
