using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Aggregator.Server.Browse;

/// <summary>
/// The few files that pages load: <c>wwwroot/</c>, carried in the assembly. Their addresses name their content, so a browser
/// may keep them for ever and still sees a new version at once.
/// </summary>
internal sealed class SiteAssets
{
    private const string Folder = "wwwroot/";

    private readonly FrozenDictionary<string, Asset> _assets;

    public SiteAssets()
    {
        var assembly = typeof(SiteAssets).Assembly;
        _assets = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToFrozenDictionary(name => name[Folder.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new Asset(
                    content, MediaType(name), Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8)),
                    "sha384-" + Convert.ToBase64String(SHA384.HashData(content)));
            }, StringComparer.Ordinal);
    }

    /// <summary>The files' names.</summary>
    public IEnumerable<string> Names => _assets.Keys;

    /// <summary>The file's address below the site's base, with its content's name.</summary>
    public string Path(string name) => $"/{name}?v={_assets[name].Version}";

    /// <summary>What a page of another site checks the file's bytes against (Subresource Integrity, W3C).</summary>
    public string Integrity(string name) => _assets[name].Integrity;

    public IResult Get(string name, HttpContext context)
    {
        var asset = _assets[name];
        context.Response.Headers.XContentTypeOptions = "nosniff";
        // Another site's page may check a script's bytes only when it may read them.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        context.Response.Headers.CacheControl =
            context.Request.Query["v"] == asset.Version ? "public, max-age=31536000, immutable" : "public, max-age=3600";
        return TypedResults.Bytes(asset.Content, asset.MediaType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
    }

    private static string MediaType(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".js" => "text/javascript; charset=utf-8",
        var other => throw new InvalidOperationException($"{name}: no media type is known for {other}."),
    };

    private sealed record Asset(byte[] Content, string MediaType, string Version, string Integrity);
}
