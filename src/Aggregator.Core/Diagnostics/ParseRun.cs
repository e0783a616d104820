using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.Parsing;

namespace Aggregator.Core.Diagnostics;

/// <summary>Parses many documents in parallel and writes a line for each, in the order given. It never stops early.</summary>
/// <param name="dump">What writes a line.</param>
/// <param name="clock">The moment that relative dates count from.</param>
public sealed class ParseRun(ParseDump dump, TimeProvider clock)
{
    /// <summary>Whether to print what the document said, before normalising.</summary>
    public bool IsRaw { get; init; }

    /// <summary>The <c>Content-Type</c> of every document, unless <see cref="Expectations"/> knows one.</summary>
    public string? ContentType { get; init; }

    /// <summary>The address of every document, unless <see cref="Expectations"/> knows one.</summary>
    public Uri? BaseUrl { get; init; }

    /// <summary>What is known of single documents, or null.</summary>
    public ParseExpectations? Expectations { get; init; }

    /// <summary>Writes a line for each file; <c>-</c> is <paramref name="standardInput"/>. True when every one was a feed.</summary>
    /// <param name="files">The names as given.</param>
    /// <param name="standardInput">What <c>-</c> stands for.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="IOException">The output cannot be written. A file that cannot be read is a line with <c>err</c> instead.</exception>
    public async Task<bool> RunAsync(IEnumerable<string> files, Stream standardInput, TextWriter output, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(output);
        var allFeeds = true;
        var pending = new Queue<Task<(string Line, bool IsFeed)>>();
        foreach (var file in files)
        {
            if (pending.Count >= Environment.ProcessorCount * 4) await WriteFirstAsync();
            pending.Enqueue(Task.Run(() => ParseAsync(file, standardInput, cancellationToken), cancellationToken));
        }

        while (pending.Count > 0) await WriteFirstAsync();
        return allFeeds;

        async Task WriteFirstAsync()
        {
            var (line, isFeed) = await pending.Dequeue();
            allFeeds &= isFeed;
            await output.WriteLineAsync(line.AsMemory(), cancellationToken);
        }
    }

    private async Task<(string Line, bool IsFeed)> ParseAsync(string file, Stream standardInput, CancellationToken cancellationToken)
    {
        var (contentType, address) = Expectations?.Find(file) ?? default;
        contentType ??= ContentType;
        address ??= BaseUrl;
        var now = clock.GetUtcNow();
        ParseResult result;
        try
        {
            var body = file == "-" ? await ReadAsync(standardInput, cancellationToken)
                : new FileInfo(file).Length > ParserLimits.MaxDocumentBytes ? null
                : await File.ReadAllBytesAsync(file, cancellationToken);
            result = body is null
                ? new ParseResult.Refused(FetchFailureKind.TooLarge, $"The document is larger than {ParserLimits.MaxDocumentBytes} bytes.")
                : FeedParser.Parse(body, new ParseContext { FetchedAt = now, ContentType = contentType, BaseUrl = address }, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            result = new ParseResult.Refused(FetchFailureKind.DocumentMissing, $"The file cannot be read: {exception.Message}");
        }

        var line = IsRaw ? ParseDump.Raw(file, result) : dump.Stored(file, result, new NormalizeContext { FetchedAt = now, BaseUrl = address });
        return (line, result is ParseResult.Parsed);
    }

    /// <summary>All of it, or null when it is more than a document may have.</summary>
    private static async Task<byte[]?> ReadAsync(Stream input, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await input.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            if (body.Length + read > ParserLimits.MaxDocumentBytes) return null;
            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}
