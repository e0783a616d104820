using Aggregator.Benchmarks;
using Aggregator.Benchmarks.Schedule;
using Aggregator.Benchmarks.Serving;

// One file per benchmark; each prints its figures as ratios to something that runs beside it.
return args switch
{
    ["jobs", .. var parts] => await JobsBenchmark.RunAsync(parts),
    ["crawl", .. var sizes] => await CrawlBenchmark.RunAsync(sizes),
    ["crawl-loop", var mode, var urls, var width] => await CrawlLoop.RunAsync(mode, urls, width),
    ["crawl-rounds", var urls, var control, var width, var rounds, .. var settings] => await CrawlRounds.RunAsync(urls, control, width, rounds, settings),
    ["parse", .. var parts] => ParseBenchmark.Run(parts),
    ["pages"] => await PagesBenchmark.RunAsync(),
    ["serve", .. var parts] => await ServeBenchmark.RunAsync(parts),
    ["serve-bare", var folder, var port] => await BareEndpoint.ServeAsync(folder, port),
    ["search", .. var sizes] => await SearchBenchmark.RunAsync(sizes),
    ["hub", .. var parts] => await HubBenchmark.RunAsync(parts),
    ["stories", .. var sizes] => await StoriesBenchmark.RunAsync(sizes),
    ["related", .. var sizes] => await RelatedBenchmark.RunAsync(sizes),
    ["selections", .. var sizes] => await SelectionsBenchmark.RunAsync(sizes),
    ["schedule", .. var parts] => ScheduleBenchmark.Run(parts),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Aggregator.Benchmarks jobs [throughput] [latency] [finished] [expiry]");
    Console.Error.WriteLine("       Aggregator.Benchmarks crawl [sources…]");
    Console.Error.WriteLine("       Aggregator.Benchmarks parse [options]");
    Console.Error.WriteLine("       Aggregator.Benchmarks pages");
    Console.Error.WriteLine("       Aggregator.Benchmarks serve [throughput] [crawl] [memory [minutes]]");
    Console.Error.WriteLine("       Aggregator.Benchmarks hub [sqlite] [postgresql] [subscribers]");
    Console.Error.WriteLine("       Aggregator.Benchmarks stories [entries] [postgresql]");
    Console.Error.WriteLine("       Aggregator.Benchmarks search [entries [store=FILE] [times] | ingest] [postgresql]");
    Console.Error.WriteLine("       Aggregator.Benchmarks related [entries [store=FILE]] [postgresql]");
    Console.Error.WriteLine("       Aggregator.Benchmarks selections [entries] [postgresql]");
    Console.Error.WriteLine("       Aggregator.Benchmarks schedule [seed]");
    return 2;
}
