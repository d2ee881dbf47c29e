using BenchmarkDotNet.Attributes;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Benchmarks;

/// <summary>Hypercalls made by a VM written in C#: registers, dispatch, capability, copy; beside the bare copies.</summary>
[MemoryDiagnoser]
public class HypercallBenchmarks
{
    private readonly byte[] _from = new byte[240];
    private readonly byte[] _to = new byte[240];
    private MachineUnderTest _machine = null!;
    private CapId _queue;

    [GlobalSetup]
    public void Setup()
    {
        _machine = new MachineUnderTest();
        _queue = _machine.CreateQueue();
    }

    [GlobalCleanup]
    public void Cleanup() => _machine.Dispose();

    /// <summary>The two copies that a message cannot do without: into the queue and out of it.</summary>
    [Benchmark(Baseline = true)]
    public void TwoCopies()
    {
        _from.AsSpan().CopyTo(_to);
        _to.AsSpan().CopyTo(_from);
    }

    [Benchmark]
    public ulong Identify() => _machine.Context.Native.Identify().ApiInfo;

    [Benchmark]
    public ulong SendAndReceive240Bytes()
    {
        _machine.Context.Native.MsgQueueSend(_queue, 240, MachineUnderTest.Scratch, MsgQueueFlags.Push);
        return _machine.Context.Native.MsgQueueReceive(_queue, MachineUnderTest.Scratch + 0x1000, 240).Size;
    }
}
