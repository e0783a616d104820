using System.Globalization;
using Aggregator.Core.Stores;
using Aggregator.Server.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;

namespace Aggregator.Server.Api;

/// <summary>The API for programs at <c>/api/v1</c>, described by <c>/openapi/v1.json</c>.</summary>
internal static class ApiEndpoints
{
    /// <summary>Where it lies, with all versions that there will be.</summary>
    public const string Root = "/api";

    /// <summary>Where its first version lies.</summary>
    public const string Path = Root + "/v1";

    /// <summary>The largest body of a request, in bytes, where nothing else is said: a category fits many times.</summary>
    private const long MaxBodyBytes = 32_768;

    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.AddOptions<ApiOptions>().BindConfiguration(ApiOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ApiLimit>();
        services.AddSingleton<RuleRequests>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyAuthentication>(ApiKeyAuthentication.SchemeName, configureOptions: null);
        AddPolicy(ApiPolicies.Read, ApiScopes.Read, AccountPolicies.Admin, AccountPolicies.Viewer);
        AddPolicy(ApiPolicies.Refresh, ApiScopes.Refresh, AccountPolicies.Admin);
        AddPolicy(ApiPolicies.Write, ApiScopes.Write, AccountPolicies.Admin);
        services.AddOpenApi("v1", static options =>
        {
            options.ShouldInclude = static description => ("/" + description.RelativePath).StartsWith(Path + "/", StringComparison.Ordinal);
            options.AddOperationTransformer(static (operation, _, _) =>
            {
                DescribeBody(operation);
                return Task.CompletedTask;
            });
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                Describe(document);
                return Task.CompletedTask;
            });
        });
        return services;

        void AddPolicy(string name, ApiScopes scope, params string[] roles) => services.AddAuthorizationBuilder().AddPolicy(name, policy => policy
            .AddAuthenticationSchemes(ApiKeyAuthentication.SchemeName)
            .RequireAuthenticatedUser()
            .RequireRole(roles)
            .RequireClaim(ApiKeyAuthentication.ScopeClaim, scope.ToString()));
    }

    /// <summary>Comes after authorization, which knows whose request it is.</summary>
    public static IApplicationBuilder UseApiLimit(this IApplicationBuilder app) => app.Use(static (context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments(Root) || context.GetEndpoint()?.Metadata.GetMetadata<ApiLimited>() is null) return next(context);
        if (context.RequestServices.GetRequiredService<ApiLimit>().Admit(context)) return next(context);
        context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        return Task.CompletedTask;
    });

    public static IEndpointRouteBuilder MapApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Path).WithMetadata(new RequestSizeLimitAttribute(MaxBodyBytes), new ApiLimited());
        foreach (var status in (ReadOnlySpan<int>)[StatusCodes.Status400BadRequest, StatusCodes.Status401Unauthorized, StatusCodes.Status403Forbidden, StatusCodes.Status429TooManyRequests])
            api.ProducesProblem(status);
        api.MapSources();
        api.MapCategories();
        api.MapRules();
        api.MapRetention();
        api.MapEntries();
        api.MapSubscriptionLists();
        routes.MapOpenApi("/openapi/{documentName}.json");
        return routes;
    }

    // What reads a body refuses one that is too large, or of another type, before anything of ours is asked.
    private static void DescribeBody(OpenApiOperation operation)
    {
        if (operation.RequestBody is null || operation.Responses is not { } responses || !responses.TryGetValue("400", out var refusal)) return;
        foreach (var status in (ReadOnlySpan<int>)[StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType])
            responses[status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(status),
                Content = refusal.Content,
            };
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Aggregator",
            Version = "v1",
            Description = "Sources, categories, entries and subscription lists. Keys are made in the dashboard at /hangfire/account. Errors are problem details (RFC 9457).",
        };
        // They would be made of the host that the visitor named.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes["key"] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API key with the scope that the address asks for: read, refresh or write.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("key", document)] = [] }];
    }

    /// <summary>Marks the endpoints whose requests are counted.</summary>
    private sealed class ApiLimited;
}
