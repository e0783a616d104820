using Aggregator.Core.Stores;
using Aggregator.Storage.Databases;

namespace Aggregator.Storage.Admins;

/// <summary>A row of <c>admin</c>, as <see cref="Columns"/> reads it: other tables' rows are read together with it.</summary>
internal record AdminRow
{
    /// <summary>What a statement selects of the table, which it calls <c>admin</c>.</summary>
    public const string Columns =
        "admin.id as admin_id, admin.name as admin_name, admin.password_hash, admin.created_at as admin_created_at, admin.role, admin.disabled_at, admin.external_id";

    public required long AdminId { get; init; }
    public required string AdminName { get; init; }
    public required string PasswordHash { get; init; }
    public required long AdminCreatedAt { get; init; }
    public required int Role { get; init; }
    public long? DisabledAt { get; init; }
    public string? ExternalId { get; init; }

    public Admin ToAdmin() => new(AdminId, AdminName, PasswordHash, UnixTime.FromMilliseconds(AdminCreatedAt))
    {
        Role = (AccountRole)Role,
        ExternalId = ExternalId,
        DisabledAt = UnixTime.FromMilliseconds(DisabledAt),
    };
}
