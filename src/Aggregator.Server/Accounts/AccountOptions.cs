using System.ComponentModel.DataAnnotations;

namespace Aggregator.Server.Accounts;

/// <summary>The section <c>Accounts</c> of the configuration: how hard guessing a password is made.</summary>
public sealed class AccountOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Accounts";

    private const string OutOfRange = Section + ":{0} has to be between {1} and {2}.";

    /// <summary>Failures after which a name is locked for the address that they came from.</summary>
    [Range(1, 1000, ErrorMessage = OutOfRange)]
    public int MaxFailures { get; set; } = 5;

    /// <summary>Failures after which an address is locked for every name.</summary>
    [Range(1, 100_000, ErrorMessage = OutOfRange)]
    public int MaxFailuresPerAddress { get; set; } = 50;

    /// <summary>
    /// Failures from all addresses together after which a name is locked for those from which it has no session: many addresses
    /// cannot guess for ever, and nobody locks out an admin where he works.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = OutOfRange)]
    public int MaxFailuresPerAccount { get; set; } = 100;

    /// <summary>How long a lock holds after the last failure, and how long failures are remembered. One second to one day.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true, ErrorMessage = OutOfRange)]
    public TimeSpan LockoutTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long somebody stays signed in without coming back. One minute to ninety days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "90.00:00:00", ParseLimitsInInvariantCulture = true, ErrorMessage = OutOfRange)]
    public TimeSpan SessionTime { get; set; } = TimeSpan.FromDays(14);
}
