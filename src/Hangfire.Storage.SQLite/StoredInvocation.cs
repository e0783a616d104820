using Hangfire.Common;

namespace Hangfire.Storage.SQLite;

/// <summary>What a job calls, read back: code that has been renamed or removed since makes a failure, not an exception.</summary>
internal readonly record struct StoredInvocation(Job? Job, InvocationData? Data, JobLoadException? Failure)
{
    public static StoredInvocation Read(string invocation, string? arguments)
    {
        InvocationData? data = null;
        try
        {
            data = InvocationData.DeserializePayload(invocation);
            if (!string.IsNullOrEmpty(arguments)) data.Arguments = arguments;
        }
        catch (JobLoadException error)
        {
            return new StoredInvocation(null, data, error);
        }

        return Load(data);
    }

    /// <summary>Like <see cref="Read(string, string?)"/>, of a job whose texts were written by this process.</summary>
    public static StoredInvocation Read(NewJob job) => job.Source is { } source
        ? Load(new InvocationData(source.Type, source.Method, source.ParameterTypes, source.Arguments, source.Queue))
        : Read(job.Invocation, job.Arguments);

    private static StoredInvocation Load(InvocationData data)
    {
        try
        {
            return new StoredInvocation(data.DeserializeJob(), data, null);
        }
        catch (JobLoadException error)
        {
            return new StoredInvocation(null, data, error);
        }
    }
}
