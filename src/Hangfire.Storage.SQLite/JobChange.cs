namespace Hangfire.Storage.SQLite;

/// <summary>What a write did to a job: gave it a parameter or a state, or, with neither, deleted it.</summary>
internal readonly record struct JobChange(long JobId, string? Parameter, string? Value)
{
    public static JobChange OfParameter(long jobId, string name, string? value) => new(jobId, name, value);

    public static JobChange OfState(long jobId, string state) => new(jobId, null, state);

    public static JobChange Deleted(long jobId) => new(jobId, null, null);
}
