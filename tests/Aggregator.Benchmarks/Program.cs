return args is ["parse", .. var rest] ? Aggregator.Benchmarks.ParseBenchmark.Run(rest) : 2;
