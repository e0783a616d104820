namespace Aggregator.Core.Stores;

/// <summary>Somebody's being signed in on one browser. All times are UTC.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Admin">Whose it is.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="SeenAt">When it was last used, to about a minute.</param>
/// <param name="Network">The address that it was opened from, or its network.</param>
/// <param name="Agent">What the browser called itself, at most <see cref="ISessionStore.MaxAgentLength"/> characters, or null.</param>
public sealed record SignedInSession(long Id, Admin Admin, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, string Network, string? Agent);
