using Aggregator.Core.Extracting;

namespace Aggregator.Core.Diagnostics;

/// <summary>Extracts the articles of many pages in parallel and writes a line for each, in the order given. It never stops early.</summary>
/// <param name="extractor">What extracts.</param>
/// <param name="clock">The moment that dates without a year count from.</param>
public sealed class ExtractRun(ArticleExtractor extractor, TimeProvider clock)
{
    /// <summary>The <c>Content-Type</c> of every page, unless <see cref="Expectations"/> knows one.</summary>
    public string? ContentType { get; init; }

    /// <summary>The address of every page that brings none itself, unless <see cref="Expectations"/> knows one; null: what the page declares.</summary>
    public Uri? Url { get; init; }

    /// <summary>What is known of single pages, or null.</summary>
    public ParseExpectations? Expectations { get; init; }

    /// <summary>What is kept and removed on every page.</summary>
    public ContentSelectors Selectors { get; init; } = ContentSelectors.None;

    /// <summary>Writes a line for each page; <c>-</c> is <paramref name="standardInput"/>. True when every one held an article.</summary>
    /// <param name="pages">The names as given, each with its address when that is known.</param>
    /// <param name="standardInput">What <c>-</c> stands for.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="IOException">The output cannot be written. A file that cannot be read is a line with <c>err</c> instead.</exception>
    public async Task<bool> RunAsync(IEnumerable<(string File, Uri? Url)> pages, Stream standardInput, TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pages);
        ArgumentNullException.ThrowIfNull(output);
        var allArticles = true;
        var pending = new Queue<Task<(string Line, bool IsArticle)>>();
        foreach (var (file, url) in pages)
        {
            if (pending.Count >= Environment.ProcessorCount * 4) await WriteFirstAsync();
            pending.Enqueue(Task.Run(() => ExtractAsync(file, url, standardInput, cancellationToken), cancellationToken));
        }

        while (pending.Count > 0) await WriteFirstAsync();
        return allArticles;

        async Task WriteFirstAsync()
        {
            var (line, isArticle) = await pending.Dequeue();
            allArticles &= isArticle;
            await output.WriteLineAsync(line.AsMemory(), cancellationToken);
        }
    }

    private async Task<(string Line, bool IsArticle)> ExtractAsync(string file, Uri? url, Stream standardInput, CancellationToken cancellationToken)
    {
        var (contentType, address) = Expectations?.Find(file) ?? default;
        ExtractResult result;
        try
        {
            var page = file == "-" ? await ReadAsync(standardInput, cancellationToken)
                : new FileInfo(file).Length > ExtractionLimits.MaxPageBytes ? null
                : await File.ReadAllBytesAsync(file, cancellationToken);
            result = page is null
                ? new ExtractResult.Refused(ExtractFailureKind.TooLarge, $"The page is larger than {ExtractionLimits.MaxPageBytes} bytes.")
                : extractor.Extract(page, new ExtractContext { FetchedAt = clock.GetUtcNow(), ContentType = contentType ?? ContentType, Url = url ?? address ?? Url, Selectors = Selectors }, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            return (ExtractDump.Line(file, new ExtractResult.Refused(ExtractFailureKind.EmptyPage, $"The file cannot be read: {exception.Message}")), false);
        }

        return (ExtractDump.Line(file, result), result is ExtractResult.Extracted);
    }

    /// <summary>All of it, or null when it is more than a page may have.</summary>
    private static async Task<byte[]?> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        using var page = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (page.Length + read > ExtractionLimits.MaxPageBytes) return null;
            page.Write(buffer, 0, read);
        }

        return page.ToArray();
    }
}
