using System.Globalization;
using System.Security.Cryptography;

namespace Aggregator.Core.Crawling;

/// <summary>Names of lease owners: unique, and telling an admin which process it is.</summary>
public static class LeaseOwner
{
    /// <summary>A new name: machine, process and a random part.</summary>
    public static string New() => string.Create(CultureInfo.InvariantCulture,
        $"{Environment.MachineName}:{Environment.ProcessId}:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
}
