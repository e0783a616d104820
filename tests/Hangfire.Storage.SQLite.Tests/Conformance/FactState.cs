using Hangfire.States;

namespace Hangfire.Storage.SQLite.Tests.Conformance;

/// <summary>A state of any name with any data.</summary>
public sealed class FactState(string name, string? reason = null, Dictionary<string, string>? data = null) : IState
{
    public string Name => name;

    public string? Reason => reason;

    public bool IsFinal => false;

    public bool IgnoreJobLoadException => false;

    public Dictionary<string, string>? SerializeData() => data;
}
