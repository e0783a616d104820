using System.CommandLine;
using System.Text;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Extracting;
using Aggregator.Core.Normalizing;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator extract FILE…</c>.</summary>
internal static class ExtractCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Pages: file names, - for standard input, @LIST for a file with one name a line, each with its address behind a tab if it has one.",
            Arity = ArgumentArity.OneOrMore,
        };
        var url = new Option<Uri?>("--url")
        {
            Description = "The address that the pages would have come from. Without it, what each page declares as its own.",
            HelpName = "URL",
            CustomParser = static result =>
            {
                if (Address(result.Tokens[0].Value) is { } address) return address;
                result.AddError($"--url: '{result.Tokens[0].Value}' is no absolute http or https address.");
                return null;
            },
        };
        var contentType = new Option<string?>("--content-type") { Description = "The Content-Type that HTTP would have said.", HelpName = "TYPE" };
        var expect = new Option<FileInfo?>("--expect") { Description = "Take both from a file of expectations, one JSON object with file and url a line.", HelpName = "FILE.jsonl" };
        var keep = new Option<string[]>("--keep") { Description = "A CSS selector of what makes the body; may be given several times.", HelpName = "SELECTOR" };
        var remove = new Option<string[]>("--remove") { Description = "A CSS selector of what is no part of the page; may be given several times.", HelpName = "SELECTOR" };

        var command = new Command("extract", "Print the article of each page as one line of JSON. Exit code 1 when one held none.") { files, url, contentType, expect, keep, remove };
        command.SetAction(async (call, cancellationToken) =>
        {
            List<(string File, Uri? Url)> pages = [];
            ParseExpectations? expectations;
            if (ContentSelectors.Create(call.GetValue(keep) ?? [], call.GetValue(remove) ?? [], out var error) is not { } selectors)
            {
                await Console.Error.WriteLineAsync("aggregator: " + error);
                return 2;
            }

            try
            {
                foreach (var name in call.GetRequiredValue(files))
                {
                    if (name.Length > 1 && name[0] == '@') pages.AddRange((await File.ReadAllLinesAsync(name[1..], cancellationToken)).Where(static line => !string.IsNullOrWhiteSpace(line)).Select(Listed));
                    else pages.Add((name, null));
                }

                expectations = call.GetValue(expect) is { } file ? ParseExpectations.Read(file.FullName) : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
            {
                await Console.Error.WriteLineAsync("aggregator: " + exception.Message);
                return 2;
            }

            var run = new ExtractRun(new ArticleExtractor(new ContentSanitizer()), TimeProvider.System)
            {
                ContentType = call.GetValue(contentType),
                Url = call.GetValue(url),
                Expectations = expectations,
                Selectors = selectors,
            };
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024);
            await using var input = Console.OpenStandardInput();
            return await run.RunAsync(pages, input, output, cancellationToken) ? 0 : 1;
        });
        return command;
    }

    /// <exception cref="FormatException">What stands behind the tab is no address.</exception>
    private static (string File, Uri? Url) Listed(string line)
    {
        var tab = line.IndexOf('\t', StringComparison.Ordinal);
        if (tab < 0) return (line, null);
        var written = line[(tab + 1)..].Trim();
        if (written.Length == 0) return (line[..tab], null);
        return (line[..tab], Address(written) ?? throw new FormatException($"'{written}' in the list is no absolute http or https address."));
    }

    private static Uri? Address(string text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null;
}
