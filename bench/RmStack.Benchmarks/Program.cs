using BenchmarkDotNet.Running;

// bench/README.md says how to run one of them, and what was measured last.
BenchmarkSwitcher.FromAssembly(typeof(RmStack.Benchmarks.PureLinkBenchmarks).Assembly).Run(args);
