namespace Aggregator.Core.WebSub;

/// <summary>What became of a push, and of which source.</summary>
/// <param name="Outcome">What.</param>
/// <param name="SourceId">The source, when it is known.</param>
/// <param name="Added">New entries.</param>
/// <param name="Edited">Changed entries.</param>
public sealed record PushReceipt(PushOutcome Outcome, long? SourceId = null, int Added = 0, int Edited = 0);
