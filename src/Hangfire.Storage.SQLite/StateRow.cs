using Hangfire.States;

namespace Hangfire.Storage.SQLite;

/// <summary>
/// A state as it is stored. Made when a command is added, not when it runs: a state is code of the application, which may be slow
/// and may throw, and neither belongs inside a transaction.
/// </summary>
internal readonly record struct StateRow(string Name, string? Reason, long CreatedAt, byte[]? Data)
{
    public static StateRow Of(IState state, long now)
    {
        ArgumentNullException.ThrowIfNull(state);
        var name = state.Name ?? throw new ArgumentException("A state must have a name.", nameof(state));

        return new StateRow(name, state.Reason, now, StateText.Write(state.SerializeData()));
    }
}
