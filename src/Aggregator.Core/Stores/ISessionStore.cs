namespace Aggregator.Core.Stores;

/// <summary>Who is signed in. A session is found by the hash of what its cookie holds.</summary>
public interface ISessionStore
{
    /// <summary>The longest name of a browser that is kept, in UTF-16 code units.</summary>
    const int MaxAgentLength = 200;

    /// <summary>The most sessions of an account; a new one ends the one that was unused for longest.</summary>
    const int MaxPerAccount = 50;

    /// <summary>Opens a session, and forgets those not used since <paramref name="unusedSince"/>; its number.</summary>
    Task<long> OpenAsync(byte[] tokenHash, long adminId, string network, string? agent, DateTimeOffset unusedSince, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The session of that hash whose account is let in and that was used after <paramref name="unusedSince"/>, or null.</summary>
    Task<SignedInSession?> FindAsync(byte[] tokenHash, DateTimeOffset unusedSince, CancellationToken cancellationToken);

    /// <summary>Notes that a session was used.</summary>
    Task TouchAsync(long sessionId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The sessions of an account, or of all, last used first, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<SignedInSession>> ListAsync(long? adminId, DateTimeOffset unusedSince, int limit, CancellationToken cancellationToken);

    /// <summary>Ends a session, of that account only when one is given. False when there is none.</summary>
    Task<bool> EndAsync(long sessionId, long? adminId, CancellationToken cancellationToken);

    /// <summary>Ends the sessions of an account but one; how many.</summary>
    Task<int> EndOthersAsync(long adminId, long? keptSessionId, CancellationToken cancellationToken);

    /// <summary>Whether the account of that name has a session from that network.</summary>
    Task<bool> KnowsNetworkAsync(string name, string network, CancellationToken cancellationToken);
}
