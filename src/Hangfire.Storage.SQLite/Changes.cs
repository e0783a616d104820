namespace Hangfire.Storage.SQLite;

/// <summary>What a transaction does to that which is kept in memory beside the file. Applied after its commit, forgotten with its rollback.</summary>
internal sealed class Changes
{
    public List<CensusChange> Numbers { get; } = [];

    public List<JobChange> Jobs { get; } = [];

    /// <summary>Rows that were added to a queue.</summary>
    public List<(string Queue, ReadyRow Row)> Added { get; } = [];

    /// <summary>Rows that were removed from their queue.</summary>
    public List<FetchedRow> Removed { get; } = [];

    public void Clear()
    {
        Numbers.Clear();
        Jobs.Clear();
        Added.Clear();
        Removed.Clear();
    }
}
