using BenchmarkDotNet.Attributes;

namespace RmStack.Benchmarks;

/// <summary>A whole life of the built-in guest: machine, hypervisor, Resource Manager, HLOS, launch, run, teardown.</summary>
[MemoryDiagnoser]
public class BootBenchmarks
{
    [Benchmark]
    public int Boot() => Cli.CommandLine.Run(["boot", "--quiet"], TextWriter.Null, TextWriter.Null, () => Stream.Null, () => Stream.Null);
}
