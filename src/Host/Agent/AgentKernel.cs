using System.Runtime.CompilerServices;
using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Host;

/// <summary>
/// The kernel as the agent's vCPUs see it: the same calls, but a vCPU that the hypervisor will not run is tried again only when something
/// has happened. Linux tries for ever, which would keep a machine busy that nothing can move.
/// </summary>
/// <param name="inner">The kernel.</param>
internal sealed class AgentKernel(IHostKernel inner) : IHostKernel
{
    /// <summary>Runs without effect in a row before a vCPU waits for something to happen.</summary>
    public const int Patience = 64;

    private readonly Dictionary<CapId, int> _futile = [];
    private TaskCompletionSource _event = NewEvent();

    /// <summary>Something has happened: an interrupt of any kind.</summary>
    public void Stir()
    {
        if (_futile.Count == 0) return;
        _futile.Clear();
        var waiters = _event;
        _event = NewEvent();
        waiters.TrySetResult();
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RunResult> VcpuRunAsync(CapId vcpu, ulong resume0, ulong resume1, ulong resume2)
    {
        var result = await inner.VcpuRunAsync(vcpu, resume0, resume1, resume2);
        if (!IsFutile(result))
        {
            if (_futile.Count > 0) _futile.Remove(vcpu);
            return result;
        }

        var times = _futile.GetValueOrDefault(vcpu) + 1;
        _futile[vcpu] = times;
        if (times > Patience) await _event.Task;
        return result;
    }

    /// <inheritdoc/>
    public GunyahError BellSend(CapId bell, ulong newFlags) => inner.BellSend(bell, newFlags);

    /// <inheritdoc/>
    public bool TryRequestIrq(uint virq, Action handler) => inner.TryRequestIrq(virq, () =>
    {
        Stir();
        handler();
    });

    /// <inheritdoc/>
    public void FreeIrq(uint virq) => inner.FreeIrq(virq);

    /// <inheritdoc/>
    public void Log(string line) => inner.Log(line);

    // Everything after which the driver yields and tries again at once, but READY: a vCPU that was preempted has got on.
    private static bool IsFutile(in RunResult result) => result.Error switch
    {
        GunyahError.Ok => (HypervisorVCpuState)result.State is HypervisorVCpuState.Blocked or > HypervisorVCpuState.VmmioWrite,
        GunyahError.Retry => true,
        _ => false,
    };

    private static TaskCompletionSource NewEvent() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
