namespace Aggregator.Core.Stores;

/// <summary>The account of somebody whom another system vouches for.</summary>
/// <param name="Outcome">What was done.</param>
/// <param name="Before">The account as it was, or null when there was none.</param>
/// <param name="Now">The account as it is, or null when nothing was done.</param>
public sealed record ExternalAccount(ExternalOutcome Outcome, Admin? Before, Admin? Now);
