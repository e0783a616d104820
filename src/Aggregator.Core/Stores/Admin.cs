namespace Aggregator.Core.Stores;

/// <summary>An account that may see, or also manage, sources.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Name">Its name, unique without regard to case.</param>
/// <param name="PasswordHash">The hash as ASP.NET Core's password hasher writes it.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record Admin(long Id, string Name, string PasswordHash, DateTimeOffset CreatedAt)
{
    /// <summary>What it may do.</summary>
    public AccountRole Role { get; init; } = AccountRole.Admin;

    /// <summary>The <see cref="ExternalIdentity.Id"/> of whom another system vouches for, or null.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Since when it is not let in any more, or null.</summary>
    public DateTimeOffset? DisabledAt { get; init; }
}
