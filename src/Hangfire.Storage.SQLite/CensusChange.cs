namespace Hangfire.Storage.SQLite;

/// <summary>What a write did to the numbers of a state, of a queue or of a set; exactly one of the names is there.</summary>
internal readonly record struct CensusChange(string? State, string? Queue, string? Set, int Count, int Fetched)
{
    public static CensusChange OfState(string state, int jobs) => new(state, null, null, jobs, 0);

    public static CensusChange OfQueue(string queue, int ready, int fetched) => new(null, queue, null, ready, fetched);

    public static CensusChange OfSet(string key, int items) => new(null, null, key, items, 0);
}
