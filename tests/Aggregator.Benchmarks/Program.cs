using Aggregator.Benchmarks;
using Aggregator.Benchmarks.Schedule;

// One file per benchmark; each prints its figures as ratios to something that runs beside it.
return args switch
{
    ["jobs", .. var parts] => await JobsBenchmark.RunAsync(parts),
    ["parse", .. var parts] => ParseBenchmark.Run(parts),
    ["schedule", .. var parts] => ScheduleBenchmark.Run(parts),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Aggregator.Benchmarks jobs [throughput] [latency] [finished] [expiry]");
    Console.Error.WriteLine("       Aggregator.Benchmarks parse [options]");
    Console.Error.WriteLine("       Aggregator.Benchmarks schedule [seed]");
    return 2;
}
