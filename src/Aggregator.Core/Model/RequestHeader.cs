namespace Aggregator.Core.Model;

/// <summary>A header that is sent with every request of a source, to its own origin only.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value; often a secret.</param>
public sealed record RequestHeader(string Name, string Value)
{
    /// <summary>The name alone: what is printed by accident gives nothing away.</summary>
    public override string ToString() => $"{Name}: …";
}
