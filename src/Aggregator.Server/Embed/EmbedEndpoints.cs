using System.Security.Cryptography;
using System.Text;
using Aggregator.Core.Stores;
using Aggregator.Server.Browse;
using Aggregator.Server.Components.Pages;
using Aggregator.Server.Publish;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Embed;

/// <summary>
/// What other sites show of us: <c>/embed/{slug}</c> in a frame, <c>/embed/{slug}.json</c> for the custom element of <c>/embed.js</c>,
/// <c>/oembed</c> for programs, and <c>/embed</c>, where a site owner puts one together. Nothing here sets a cookie.
/// </summary>
internal static class EmbedEndpoints
{
    private const string CacheControl = "public, max-age=60, stale-while-revalidate=600";

    private static readonly string[] GetAndHead = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Registers what embeds need besides pages and feeds.</summary>
    public static IServiceCollection AddEmbeds(this IServiceCollection services)
    {
        services.AddOptions<EmbedOptions>().BindConfiguration(EmbedOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EmbedOptions>, EmbedOptionsValidator>();
        services.AddSingleton<EmbedReader>();
        return services;
    }

    /// <summary>Maps the addresses. <c>/embed.js</c> is one of the site's assets.</summary>
    public static IEndpointRouteBuilder MapEmbeds(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/embed", GetAndHead, ConfigureAsync);
        routes.MapMethods("/embed/{slug}", GetAndHead, FrameAsync);
        routes.MapMethods("/embed/{slug}.json", GetAndHead, ListAsync);
        routes.MapMethods("/oembed", GetAndHead, OEmbedEndpoint.AnswerAsync);
        routes.MapPreflight("/embed/{slug}.json", "/oembed");
        return routes;
    }

    private static async Task<IResult> FrameAsync(
        HttpContext context, string slug, EmbedReader embeds, PageContext page, IOptions<EmbedOptions> options, CancellationToken cancellationToken)
    {
        if (!EmbedLook.TryRead(context.Request.Query, out var look, out var fault)) return Refusal(fault!);
        if (await embeds.FindAsync(slug, cancellationToken) is not { } topic) return Unknown();

        var tag = embeds.Tag(topic, look, page, "html");
        var style = EmbedFrameModel.StyleOf(look);
        context.Response.Headers.ETag = tag;
        if (Holds(context.Request, tag))
        {
            Cacheable(context.Response.Headers);
            context.Response.Headers.ContentSecurityPolicy = Policy(slug, style, look, options.Value);
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var list = await embeds.ReadAsync(topic, look, cancellationToken);
        return PageResult.Framed<EmbedFramePage>(new EmbedFrameModel(list, style), Policy(slug, style, look, options.Value), CacheControl);
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, string slug, EmbedReader embeds, PageContext page, CancellationToken cancellationToken)
    {
        var headers = context.Response.Headers;
        FeedCors.Allow(headers);
        headers.XContentTypeOptions = "nosniff";
        if (!EmbedLook.TryRead(context.Request.Query, out var look, out var fault)) return Refusal(fault!);
        if (await embeds.FindAsync(slug, cancellationToken) is not { } topic) return Unknown();

        headers.ETag = embeds.Tag(topic, look, page, "json");
        Cacheable(headers);
        if (Holds(context.Request, headers.ETag!)) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Bytes(EmbedJson.Write(await embeds.ReadAsync(topic, look, cancellationToken), page), "application/json; charset=utf-8");
    }

    private static async Task<IResult> ConfigureAsync(
        HttpContext context, ICategoryStore categories, PageContext page, CancellationToken cancellationToken)
    {
        var all = await categories.ListAsync(cancellationToken);
        var asked = context.Request.Query;
        var chosen = all.FirstOrDefault(category => category.Slug == asked["category"].ToString()) ?? (all.Count > 0 ? all[0] : null);

        // The page's own language has the parameter's usual name, so the list's has another one here.
        var wished = asked.Where(static pair => pair.Key != LanguageChoice.Parameter && pair.Key != EmbedPage.LanguageField).ToDictionary();
        wished[LanguageChoice.Parameter] = asked[EmbedPage.LanguageField];
        var understood = EmbedLook.TryRead(new QueryCollection(wished), out var look, out var fault);
        return PageResult.Shared<EmbedPage>(
            new EmbedModel(all, chosen, look, understood ? null : fault),
            PageResult.ContentSecurityPolicy + "; frame-src 'self'");
    }

    /// <summary>What a framed page may do and who may frame it. The one style that is not in our sheet is named by its hash.</summary>
    private static string Policy(string slug, string? style, EmbedLook look, EmbedOptions options)
    {
        var styles = style is null ? "'self'" : $"'self' 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)))}'";
        return $"default-src 'none'; style-src {styles}; script-src 'self'; img-src {(look.Images ? "* data:" : "'self'")}; base-uri 'none'; form-action 'none'; frame-ancestors {options.AncestorsOf(slug)}";
    }

    private static void Cacheable(IHeaderDictionary headers)
    {
        headers.CacheControl = CacheControl;
        headers.Vary = "Accept-Language, Cookie";
    }

    private static bool Holds(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var held)
        && held.Any(other => other.Equals(EntityTagHeaderValue.Any) || other.Compare(new EntityTagHeaderValue(tag[2..], isWeak: true), useStrongComparison: false));

    private static ContentHttpResult Refusal(string parameter) => TypedResults.Text(
        $"The value of “{parameter}” is not allowed. Make an address at /embed.\n参数 {parameter} 的值无效。请在 /embed 页面生成嵌入地址。\n",
        statusCode: StatusCodes.Status400BadRequest);

    private static ContentHttpResult Unknown() => TypedResults.Text(
        "There is no category at this address.\n这个地址没有分类。\n", statusCode: StatusCodes.Status404NotFound);
}
