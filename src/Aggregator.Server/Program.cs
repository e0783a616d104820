using System.CommandLine;
using System.Text;
using Aggregator.Server.Cli;
using Aggregator.Server.Hosting;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
var (configuration, rest) = ConfigurationArguments.Split(args);
var root = new RootCommand("Aggregator: fetches RSS, Atom and JSON feeds, keeps what they said, and republishes them by category.")
{
    ServeCommand.Create(configuration),
    ImportCommand.Create(configuration),
    ExportCommand.Create(configuration),
    CrawlCommand.Create(configuration),
    FetchCommand.Create(configuration),
    ParseCommand.Create(),
    ExtractCommand.Create(),
    MigrateCommand.Create(configuration),
    VerifyCommand.Create(configuration),
    BackupCommand.Create(configuration),
    AddAdminCommand.Create(configuration),
};
root.SetAction((_, cancellationToken) => ServeCommand.RunAsync(configuration, cancellationToken));

// "@LIST" is an argument of parse, not a response file.
var call = root.Parse(rest, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (call.Errors.Count == 0)
{
    // After Ctrl-C a crawl gives its sources back and requests are finished; the default of two seconds would cut that off.
    return await call.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(1) });
}

foreach (var error in call.Errors) Console.Error.WriteLine("aggregator: " + error.Message);
Console.Error.WriteLine("Try 'aggregator --help'.");
return CommandRunner.WrongCall;
