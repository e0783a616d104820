using Microsoft.AspNetCore.Antiforgery;

namespace Aggregator.Server.Accounts;

/// <summary>The hidden field that proves a form to be ours.</summary>
/// <param name="Field">The field's name.</param>
/// <param name="Value">Its value; the cookie that it belongs to is set with the page.</param>
public sealed record FormToken(string Field, string Value)
{
    /// <summary>The token for a form of this answer; its cookie is set here.</summary>
    internal static FormToken Of(HttpContext context, IAntiforgery antiforgery)
    {
        var tokens = antiforgery.GetAndStoreTokens(context);
        return new FormToken(tokens.FormFieldName, tokens.RequestToken!);
    }
}
