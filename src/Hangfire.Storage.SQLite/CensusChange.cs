namespace Hangfire.Storage.SQLite;

/// <summary>What a write did to the numbers of a state or of a queue.</summary>
internal readonly record struct CensusChange(string? State, int Jobs, string? Queue, int Ready, int Fetched)
{
    public static CensusChange OfState(string state, int jobs) => new(state, jobs, null, 0, 0);

    public static CensusChange OfQueue(string queue, int ready, int fetched) => new(null, 0, queue, ready, fetched);
}
