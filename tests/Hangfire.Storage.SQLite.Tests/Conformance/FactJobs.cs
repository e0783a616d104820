using System.Diagnostics.CodeAnalysis;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>What the jobs of the facts call.</summary>
[SuppressMessage("Design", "CA1052", Justification = "Hangfire calls it as a type of the application.")]
public class FactJobs
{
    /// <summary>Does nothing.</summary>
    public static void Nothing()
    {
    }

    /// <summary>Takes an argument, so that there is one to store.</summary>
    public static string Echo(string text) => text;
}
