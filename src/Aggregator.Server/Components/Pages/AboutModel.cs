namespace Aggregator.Server.Components.Pages;

/// <summary>What the page about this site shows: only what is configured, which pages know anyway.</summary>
public sealed record AboutModel;
