namespace Aggregator.Core.Model;

/// <summary>How much of an entry strangers may see. The numbers are stored, and the lower one is the stricter.</summary>
public enum RepublishLevel
{
    /// <summary>Nothing: the entry appears nowhere.</summary>
    Nothing = 0,

    /// <summary>The headline with its link, date, authors and source.</summary>
    Title = 1,

    /// <summary>Also a short summary, the tags, and the addresses of picture and files at the publisher.</summary>
    Summary = 2,

    /// <summary>All of it, and every snapshot.</summary>
    Full = 3,
}
