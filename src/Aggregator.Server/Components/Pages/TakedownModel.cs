using Aggregator.Core.Takedowns;
using Aggregator.Server.Accounts;

namespace Aggregator.Server.Components.Pages;

/// <summary>What the take-down form shows.</summary>
/// <param name="Token">The form's token.</param>
/// <param name="EntryId">The article.</param>
/// <param name="Title">Its title.</param>
/// <param name="Reason">What was chosen, when the form comes back.</param>
/// <param name="Message">What was written.</param>
/// <param name="Contact">What was written.</param>
/// <param name="Problem">What went wrong, in words, or null.</param>
public sealed record TakedownModel(
    FormToken Token, long EntryId, string Title, TakedownReason? Reason = null, string? Message = null, string? Contact = null, string? Problem = null);
