using BenchmarkDotNet.Attributes;
using RmStack.Cli.Bench.Model;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Benchmarks;

/// <summary>
/// What a hypercall made by a VM in C# is: registers laid out, the call dispatched, capabilities looked up. By both calling conventions, and for
/// calls that are refused at different points.
/// </summary>
[MemoryDiagnoser]
public class DispatcherBenchmarks
{
    private readonly CapId _none = new(0x1234);
    private BenchMachine _machine = null!;
    private CapId _queue;

    [GlobalSetup]
    public void Setup()
    {
        _machine = new BenchMachine();
        _queue = _machine.CreateQueue();
    }

    [GlobalCleanup]
    public void Cleanup() => _machine.Dispose();

    /// <summary>A call that does nothing, by HVC with the call's number as its immediate: the Resource Manager's way.</summary>
    [Benchmark(Baseline = true)]
    public ulong Identify() => _machine.Context.Native.Identify().ApiInfo;

    /// <summary>The same by the SMC calling convention: Linux's way.</summary>
    [Benchmark]
    public ulong IdentifyBySmccc() => _machine.Context.Smccc.Identify().ApiInfo;

    /// <summary>Ends at the look-up.</summary>
    [Benchmark]
    public GunyahError NoCapability() => _machine.Context.Native.MsgQueueReceive(_none, _machine.Scratch, RpcLimits.PacketSize).Error;

    /// <summary>Ends at the object.</summary>
    [Benchmark]
    public GunyahError EmptyQueue() => _machine.Context.Native.MsgQueueReceive(_queue, _machine.Scratch, RpcLimits.PacketSize).Error;

    /// <summary>Two calls that go all the way.</summary>
    [Benchmark]
    public ulong SendAndReceive240Bytes()
    {
        _machine.Context.Native.MsgQueueSend(_queue, RpcLimits.PacketSize, _machine.Scratch, MsgQueueFlags.Push);
        return _machine.Context.Native.MsgQueueReceive(_queue, _machine.Scratch + 0x1000, RpcLimits.PacketSize).Size;
    }
}
