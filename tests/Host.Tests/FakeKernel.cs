using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Host.Tests;

/// <summary>A kernel whose vcpu_run answers what the test has written down.</summary>
internal sealed class FakeKernel : IHostKernel
{
    private readonly Dictionary<uint, Action> _handlers = [];

    /// <summary>The next answers of vcpu_run; each may do something first.</summary>
    public Queue<(RunResult Result, Action? Then)> Runs { get; } = new();

    /// <summary>resume_data_0 of every vcpu_run.</summary>
    public List<ulong> Resumed { get; } = [];

    /// <summary>Doorbells rung.</summary>
    public List<(CapId Bell, ulong Flags)> Bells { get; } = [];

    public List<string> Lines { get; } = [];

    public bool RefusesIrqs { get; set; }

    public IReadOnlyCollection<uint> Irqs => _handlers.Keys;

    public void Answer(uint state, ulong data0 = 0, ulong data1 = 0, ulong data2 = 0, Action? then = null) =>
        Runs.Enqueue((new RunResult(GunyahError.Ok, state, data0, data1, data2), then));

    public void Fail(GunyahError error) => Runs.Enqueue((new RunResult(error, 0, 0, 0, 0), null));

    public void Raise(uint virq) => _handlers[virq]();

    public ValueTask<RunResult> VcpuRunAsync(CapId vcpu, ulong resume0, ulong resume1, ulong resume2)
    {
        Resumed.Add(resume0);
        var (result, then) = Runs.Dequeue();
        then?.Invoke();
        return new ValueTask<RunResult>(result);
    }

    public GunyahError BellSend(CapId bell, ulong newFlags)
    {
        Bells.Add((bell, newFlags));
        return GunyahError.Ok;
    }

    public bool TryRequestIrq(uint virq, Action handler)
    {
        if (RefusesIrqs) return false;
        _handlers.Add(virq, handler);
        return true;
    }

    public void FreeIrq(uint virq) => _handlers.Remove(virq);

    public void Log(string line) => Lines.Add(line);
}
