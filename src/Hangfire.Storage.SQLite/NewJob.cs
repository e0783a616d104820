using Hangfire.Common;

namespace Hangfire.Storage.SQLite;

/// <summary>A job as it is stored, serialised before any transaction begins.</summary>
internal sealed record NewJob(string Invocation, string? Arguments, KeyValuePair<string, string?>[] Parameters, long CreatedAt, long ExpireAt)
{
    private const int MaxCharactersOfSmall = 4 * 1024;

    /// <summary>What <see cref="Invocation"/> and <see cref="Arguments"/> were made of, kept so that it need not be read from them; null if they were given.</summary>
    public InvocationData? Source { get; private init; }

    /// <summary>The length of all texts.</summary>
    public int Characters { get; } =
        Invocation.Length + (Arguments?.Length ?? 0) + Parameters.Sum(pair => pair.Key.Length + (pair.Value?.Length ?? 0));

    /// <summary>Whether it may be kept in memory, and be owed: writing it cannot fail for its size.</summary>
    public bool IsSmall => Characters <= MaxCharactersOfSmall;

    public static NewJob Of(Job job, IDictionary<string, string> parameters, DateTime createdAt, TimeSpan expireIn)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(parameters);

        var invocation = InvocationData.SerializeJob(job);
        var created = Clock.ToMilliseconds(createdAt);
        return new NewJob(
            invocation.SerializePayload(excludeArguments: true),
            invocation.Arguments,
            [.. parameters.Select(pair => new KeyValuePair<string, string?>(pair.Key, pair.Value))],
            created,
            Clock.After(created, expireIn))
        {
            Source = invocation,
        };
    }
}
