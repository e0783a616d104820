using System.Collections.Frozen;
using System.Security.Cryptography;

namespace Aggregator.Server.Browse;

/// <summary>
/// The few files that pages load: <c>wwwroot/</c>, carried in the assembly. Their addresses name their content, so a browser
/// may keep them for ever and still sees a new version at once. Other sites name a script by its bytes (Subresource Integrity), so what was
/// in use once stays: in <c>earlier/</c>, as <c>NAME.VERSION.js</c>, under the address that it had.
/// </summary>
internal sealed class SiteAssets
{
    private const string Folder = "wwwroot/";
    private const string Earlier = "earlier/";

    private readonly FrozenDictionary<string, Asset> _assets;
    private readonly FrozenDictionary<(string Name, string Version), Asset> _earlier;

    public SiteAssets()
    {
        var assembly = typeof(SiteAssets).Assembly;
        var all = assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .ToDictionary(name => name[Folder.Length..], name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                return new Asset(
                    new PageBody(content), MediaType(name), Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 8)),
                    "sha384-" + Convert.ToBase64String(SHA384.HashData(content)));
            }, StringComparer.Ordinal);
        _assets = all.Where(static pair => !pair.Key.StartsWith(Earlier, StringComparison.Ordinal)).ToFrozenDictionary(StringComparer.Ordinal);
        _earlier = all.Where(static pair => pair.Key.StartsWith(Earlier, StringComparison.Ordinal))
            .ToFrozenDictionary(static pair => (pair.Key[Earlier.Length..].Replace($".{pair.Value.Version}.", ".", StringComparison.Ordinal), pair.Value.Version), static pair => pair.Value);
    }

    /// <summary>The files' names.</summary>
    public IEnumerable<string> Names => _assets.Keys;

    /// <summary>The file's address below the site's base, with its content's name.</summary>
    public string Path(string name) => $"/{name}?v={_assets[name].Version}";

    /// <summary>What a page of another site checks the file's bytes against (Subresource Integrity, W3C).</summary>
    public string Integrity(string name) => _assets[name].Integrity;

    /// <summary>Answers with a file.</summary>
    public Task WriteAsync(string name, HttpContext context)
    {
        var version = context.Request.Query["v"].ToString();
        var asset = _earlier.GetValueOrDefault((name, version)) ?? _assets[name];
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = "Accept-Encoding";
        // Another site's page may check a script's bytes only when it may read them.
        headers.AccessControlAllowOrigin = "*";
        headers.CacheControl = version == asset.Version ? "public, max-age=31536000, immutable" : "public, max-age=3600";
        return asset.Body.WriteAsync(context, asset.MediaType);
    }

    private static string MediaType(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".js" => "text/javascript; charset=utf-8",
        var other => throw new InvalidOperationException($"{name}: no media type is known for {other}."),
    };

    private sealed record Asset(PageBody Body, string MediaType, string Version, string Integrity);
}
