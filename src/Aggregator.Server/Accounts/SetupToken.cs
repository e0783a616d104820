using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Stores;

namespace Aggregator.Server.Accounts;

/// <summary>
/// The key to <c>/setup</c>, where the first admin makes his account. It lives in memory only, is printed on the console of
/// whoever started the program, and opens nothing once there is an admin.
/// </summary>
internal sealed class SetupToken(IAdminStore store)
{
    /// <summary>128 random bits as 32 hexadecimal digits; another one at every start.</summary>
    public string Value { get; } = RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>The path and query of the set-up page, below the site's base.</summary>
    public string Path => "/setup?token=" + Value;

    /// <summary>Whether the set-up is still to be done: there is no admin.</summary>
    public async Task<bool> IsOpenAsync(CancellationToken cancellationToken) => !await store.AnyAsync(cancellationToken);

    /// <summary>Whether that token opens the page now.</summary>
    public async Task<bool> OpensAsync(string? token, CancellationToken cancellationToken) =>
        token is { Length: <= 64 }
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(Value))
        && await IsOpenAsync(cancellationToken);
}
