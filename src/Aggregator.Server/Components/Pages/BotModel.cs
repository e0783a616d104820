namespace Aggregator.Server.Components.Pages;

/// <summary>What operators of sites are told of our fetcher.</summary>
/// <param name="UserAgent">How it names itself.</param>
/// <param name="Concurrency">Requests to one host at once.</param>
/// <param name="GapSeconds">Seconds between two starts on one host.</param>
/// <param name="ProductToken">Its name in a robots.txt.</param>
public sealed record BotModel(string UserAgent, int Concurrency, double GapSeconds, string ProductToken);
