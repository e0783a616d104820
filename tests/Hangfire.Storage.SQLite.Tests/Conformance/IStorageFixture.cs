namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>A kind of storage that the conformance facts can be run on.</summary>
public interface IStorageFixture
{
    /// <summary>Why the facts cannot run here, for the report; null when they can.</summary>
    string? SkipReason { get; }

    /// <summary>An empty storage, for one fact.</summary>
    JobStorage Open();

    /// <summary>The fact is over.</summary>
    void Close(JobStorage storage);
}
