using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Aggregator.Core.Model;

namespace Aggregator.Core.Fetching;

/// <summary>
/// Reads the documents that are bundled with the catalogue (<see cref="Source.CatalogueScheme"/>). Nothing outside the
/// catalogue folder can be named: neither by <c>..</c>, nor by an absolute path, nor by a link that leads out.
/// </summary>
/// <param name="catalogueFolder">The folder, or null when there is no catalogue.</param>
/// <param name="options">The size limit.</param>
/// <param name="time">The clock.</param>
public sealed class CatalogueDocumentFetcher(string? catalogueFolder, FetchingOptions options, TimeProvider time) : IFeedFetcher
{
    private readonly string? _folder = catalogueFolder is null ? null : Path.GetFullPath(catalogueFolder);

    /// <inheritdoc />
    public async Task<FetchResult> FetchAsync(FetchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (_folder is null || !TryResolve(_folder, request.Url, out var path))
            return Failed(FetchFailureKind.TargetRefused, "The address names no document inside the catalogue folder (Aggregator:Catalogue).");

        try
        {
            if (new FileInfo(path).Length > options.MaxBodyBytes)
                return Failed(FetchFailureKind.TooLarge, $"The document is larger than {options.MaxBodyBytes} bytes (Fetching:MaxBodyBytes).");
            var body = await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false);
            var validators = new Validators { BodyHash = SHA256.HashData(body), ObtainedAt = time.GetUtcNow() };
            return request.Validators is { } before && validators.BodyHash.Span.SequenceEqual(before.BodyHash.Span)
                ? new FetchResult.NotModified(validators)
                : new FetchResult.Fetched(new FetchedDocument { Body = body, Validators = validators });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Failed(FetchFailureKind.DocumentMissing, $"The bundled document {Path.GetFileName(path)} cannot be read from the catalogue folder.");
        }
    }

    /// <summary>
    /// The address of a document that an outline of the catalogue names by a relative path, or null when the path leaves
    /// the folder or names nothing.
    /// </summary>
    /// <param name="catalogueFolder">The catalogue folder.</param>
    /// <param name="opmlFile">The OPML file whose outline it is, inside the folder.</param>
    /// <param name="relativePath">What the outline says.</param>
    public static string? AddressOf(string catalogueFolder, string opmlFile, string relativePath)
    {
        ArgumentNullException.ThrowIfNull(relativePath);
        if (relativePath.Length == 0 || relativePath.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(relativePath)) return null;
        var folder = Path.GetFullPath(catalogueFolder);
        var path = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(opmlFile))!, relativePath));
        var address = $"{Source.CatalogueScheme}:{Path.GetRelativePath(folder, path).Replace('\\', '/')}";
        return TryResolve(folder, address, out _) ? address : null;
    }

    private static bool TryResolve(string folder, string url, [NotNullWhen(true)] out string? path)
    {
        path = null;
        if (!url.StartsWith(Source.CatalogueScheme + ":", StringComparison.Ordinal)) return false;
        var relative = url[(Source.CatalogueScheme.Length + 1)..];
        if (relative.Length == 0 || relative.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(relative)) return false;
        var full = Path.GetFullPath(Path.Combine(folder, relative));
        if (!IsInside(folder, full)) return false;

        // A link inside the folder may lead out of it, so the catalogue has none.
        for (FileSystemInfo? part = new FileInfo(full); part is not null && part.FullName.Length > folder.Length; part = Parent(part))
            if (part.LinkTarget is not null)
                return false;

        path = full;
        return true;
    }

    private static DirectoryInfo? Parent(FileSystemInfo part) =>
        part is FileInfo file ? file.Directory : ((DirectoryInfo)part).Parent;

    private static bool IsInside(string folder, string path) =>
        path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private FetchResult.Failed Failed(FetchFailureKind kind, string message) =>
        new(new FetchFailure(kind, message, time.GetUtcNow()));
}
