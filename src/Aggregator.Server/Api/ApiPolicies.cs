namespace Aggregator.Server.Api;

/// <summary>The names of the authorization policies of the API; each asks for a scope, and what changes something for an admin's account.</summary>
internal static class ApiPolicies
{
    /// <summary>Seeing: the scope <c>read</c>, or a session.</summary>
    public const string Read = "ApiRead";

    /// <summary>Having a source refreshed: the scope <c>refresh</c>.</summary>
    public const string Refresh = "ApiRefresh";

    /// <summary>Changing and importing: the scope <c>write</c>.</summary>
    public const string Write = "ApiWrite";
}
