<<<<<<< HEAD
return args is ["parse", .. var rest] ? Aggregator.Benchmarks.ParseBenchmark.Run(rest) : 2;
=======
using Aggregator.Benchmarks;

// One file per benchmark; each prints its figures as ratios to something that runs beside it.
return args switch
{
    ["jobs", .. var parts] => await JobsBenchmark.RunAsync(parts),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: Aggregator.Benchmarks jobs [throughput] [latency] [finished] [expiry]");
    return 2;
}
>>>>>>> jobs
