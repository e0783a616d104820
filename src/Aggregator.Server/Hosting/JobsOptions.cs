namespace Aggregator.Server.Hosting;

/// <summary>The section <c>Jobs</c> of the configuration.</summary>
internal sealed class JobsOptions
{
    /// <summary><c>sqlite</c>, <c>postgresql</c> or <c>memory</c>; null for what goes with the store.</summary>
    public string? Storage { get; set; }
}
