using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Storage;

namespace Aggregator.Server.Accounts;

/// <summary>
/// The key to <c>/setup</c>, where the first admin makes his account. It lives in memory only, is printed on the console of
/// whoever started the program, and opens nothing once there is an admin. Where several nodes share the store, its hash stands there,
/// so that the link opens whichever node a balancer sends it to.
/// </summary>
internal sealed class SetupToken(IAdminStore store, IMarkStore marks, StoreConnectionString connection, TimeProvider time)
{
    /// <summary>How long after its start another node's token opens.</summary>
    public static readonly TimeSpan SharedFor = TimeSpan.FromDays(1);

    private const string MarkPrefix = "setup-token:";

    /// <summary>128 random bits as 32 hexadecimal digits; another one at every start.</summary>
    public string Value { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The path and query of the set-up page, below the site's base.</summary>
    public string Path => "/setup?token=" + Value;

    /// <summary>Whether the set-up is still to be done: there is no admin.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken) => !await store.AnyAsync(cancellationToken);

    /// <summary>Lets the other nodes of a shared store know the token, by its hash.</summary>
    public Task ShareAsync(CancellationToken cancellationToken) => connection.Provider == StoreProvider.PostgreSql
        ? marks.SetAsync(MarkOf(Value), time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), cancellationToken)
        : Task.CompletedTask;

    /// <summary>Whether that token opens the page now.</summary>
    public async Task<bool> OpensAsync(string? token, CancellationToken cancellationToken) =>
        token is { Length: <= 64 }
        && (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Value)) || await IsOfAnotherNodeAsync(token, cancellationToken))
        && await IsOpenAsync(cancellationToken);

    // Looked up by a hash, the time that takes tells nothing of the token.
    private async Task<bool> IsOfAnotherNodeAsync(string token, CancellationToken cancellationToken) =>
        connection.Provider == StoreProvider.PostgreSql
        && await marks.FindAsync(MarkOf(token), cancellationToken) is { } since
        && long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && time.GetUtcNow() - DateTimeOffset.FromUnixTimeSeconds(seconds) is var age && age >= -SharedFor && age <= SharedFor;

    private static string MarkOf(string token) => MarkPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
