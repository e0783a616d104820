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
            return new StoredInvocation(data.DeserializeJob(), data, null);
        }
        catch (JobLoadException error)
        {
            return new StoredInvocation(null, data, error);
        }
    }
}
