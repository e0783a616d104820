using System.Text.Json;

namespace Aggregator.Core.Diagnostics;

/// <summary>What HTTP would have said of each document: content type and address, from a file of expectations (one JSON object a line).</summary>
public sealed class ParseExpectations
{
    private readonly Dictionary<string, (string? ContentType, Uri? BaseUrl)> _byFile = new(StringComparer.Ordinal);

    /// <summary>Reads <c>file</c>, <c>http.content-type</c> and <c>base_url</c> (or <c>url</c>, as pages have it) of every line.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="FormatException">A line is not such an object; the message names it.</exception>
    public static ParseExpectations Read(string path)
    {
        var expectations = new ParseExpectations();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                using var document = JsonDocument.Parse(line);
                var root = document.RootElement;
                string? contentType = null;
                if (root.TryGetProperty("http", out var http) && http.ValueKind == JsonValueKind.Object)
                    foreach (var header in http.EnumerateObject())
                        if (header.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase))
                            contentType = header.Value.GetString();
                var address = (root.TryGetProperty("base_url", out var url) || root.TryGetProperty("url", out url)) && url.ValueKind == JsonValueKind.String && Uri.TryCreate(url.GetString(), UriKind.Absolute, out var uri) ? uri : null;
                expectations._byFile[root.GetProperty("file").GetString() ?? ""] = (contentType, address);
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
            {
                throw new FormatException($"Line {number} of {path} is no expectation: {exception.Message}", exception);
            }
        }

        return expectations;
    }

    /// <summary>What is known of a document, by its whole name or by the end of its path.</summary>
    public (string? ContentType, Uri? BaseUrl) Find(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        for (var name = file.Replace('\\', '/'); ;)
        {
            if (_byFile.TryGetValue(name, out var known)) return known;
            var slash = name.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0) return default;
            name = name[(slash + 1)..];
        }
    }
}
