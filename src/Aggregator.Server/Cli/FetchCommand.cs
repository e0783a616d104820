using System.CommandLine;
using Aggregator.Core.Crawling;
using Aggregator.Core.Fetching;
using Aggregator.Core.Model;
using Aggregator.Core.Normalizing;
using Aggregator.Core.WebSub;
using Aggregator.Server.Hosting;

namespace Aggregator.Server.Cli;

/// <summary><c>aggregator fetch URL</c>.</summary>
internal static class FetchCommand
{
    public static Command Create(string[] configuration)
    {
        var url = new Argument<string>("URL")
        {
            Description = "The address of a feed: http, https, or catalogue: and a path.",
            CustomParser = static result =>
            {
                var text = result.Tokens[0].Value;
                if (text.StartsWith(Source.CatalogueScheme + ":", StringComparison.Ordinal)
                    || (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")) return text;
                result.AddError($"URL: '{text}' is no absolute http or https address.");
                return null;
            },
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object instead of text." };
        var command = new Command("fetch", "Explain one refresh: requests, redirects, headers, format, entries, schedule. Nothing is stored. Exit code 1 when it is no feed.") { url, json };
        command.SetAction((call, cancellationToken) => CommandRunner.RunAsync(configuration, async settings =>
        {
            await using var services = new ServiceCollection().AddAggregatorCore(settings).BuildServiceProvider();
            var explanation = await new ExplainedFetch(
                services.GetRequiredService<IFeedFetcher>(), services.GetRequiredService<FeedNormalizer>(), services.GetRequiredService<RefreshPolicy>(),
                services.GetRequiredService<FetchingOptions>(), services.GetRequiredService<WebSubOptions>(), settings.PublicUrl, TimeProvider.System).RunAsync(call.GetRequiredValue(url), cancellationToken);
            Console.Write(call.GetValue(json) ? explanation.ToJson() + Environment.NewLine : explanation.ToText());
            return explanation.IsGood ? 0 : CommandRunner.BadResult;
        }));
        return command;
    }
}
