namespace Aggregator.Core.Hub;

/// <summary>What a callback said.</summary>
/// <param name="IsSuccess">Whether it agreed, or took what was delivered.</param>
/// <param name="Status">The status of its answer, or null when there was none.</param>
/// <param name="Reason">Why not, in a sentence for an admin; empty on success.</param>
public sealed record CallbackAnswer(bool IsSuccess, int? Status, string Reason);
