using Aggregator.Server.Accounts;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the set-up page shows.</summary>
/// <param name="Token">The form's token.</param>
/// <param name="Name">The name as it was typed.</param>
/// <param name="Problem">What went wrong, in words, or null.</param>
public sealed record SetupModel(FormToken Token, string? Name = null, string? Problem = null);
