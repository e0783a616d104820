using System.CommandLine;
using System.Text;
using Aggregator.Core.Diagnostics;
using Aggregator.Core.Normalizing;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator parse FILE…</c>.</summary>
internal static class ParseCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Documents: file names, - for standard input, @LIST for a file with one name a line.",
            Arity = ArgumentArity.OneOrMore,
        };
        var raw = new Option<bool>("--raw") { Description = "Print what the document said, before normalising." };
        var contentType = new Option<string?>("--content-type") { Description = "The Content-Type that HTTP would have said.", HelpName = "TYPE" };
        var baseUrl = new Option<Uri?>("--base")
        {
            Description = "The address that the document would have come from.",
            HelpName = "URL",
            CustomParser = static result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https") return address;
                result.AddError($"--base: '{result.Tokens[0].Value}' is no absolute http or https address.");
                return null;
            },
        };
        var expect = new Option<FileInfo?>("--expect") { Description = "Take both from a file of expectations, one JSON object a line.", HelpName = "FILE.jsonl" };

        var command = new Command("parse", "Print each document as one line of JSON Feed 1.1, as it would be stored. Exit code 1 when one was no feed.") { files, raw, contentType, baseUrl, expect };
        command.SetAction(async (call, cancellationToken) =>
        {
            List<string> names = [];
            ParseExpectations? expectations;
            try
            {
                foreach (var name in call.GetRequiredValue(files))
                {
                    if (name.Length > 1 && name[0] == '@') names.AddRange((await File.ReadAllLinesAsync(name[1..], cancellationToken)).Where(static line => !string.IsNullOrWhiteSpace(line)));
                    else names.Add(name);
                }

                expectations = call.GetValue(expect) is { } file ? ParseExpectations.Read(file.FullName) : null;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or FormatException)
            {
                await Console.Error.WriteLineAsync("aggregator: " + exception.Message);
                return 2;
            }

            var run = new ParseRun(new ParseDump(new FeedNormalizer(new ContentSanitizer())), TimeProvider.System)
            {
                IsRaw = call.GetValue(raw),
                ContentType = call.GetValue(contentType),
                BaseUrl = call.GetValue(baseUrl),
                Expectations = expectations,
            };
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 64 * 1024);
            await using var input = Console.OpenStandardInput();
            return await run.RunAsync(names, input, output, cancellationToken) ? 0 : 1;
        });
        return command;
    }
}
