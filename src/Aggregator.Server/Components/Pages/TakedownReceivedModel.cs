namespace Aggregator.Server.Components.Pages;

/// <summary>What the page after a take-down request shows.</summary>
/// <param name="Number">The request's number.</param>
public sealed record TakedownReceivedModel(long Number);
