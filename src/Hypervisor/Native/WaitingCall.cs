using System.Threading.Tasks.Sources;
using RmStack.Hypervisor.Hypercalls;

namespace RmStack.Hypervisor.Native;

/// <summary>
/// A hypercall that keeps its vCPU inside: its registers, and whoever awaits it. Used again, so that a turn of a run loop
/// allocates nothing.
/// </summary>
internal sealed class WaitingCall : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };

    public HypercallFrame Frame { get; } = new();

    public ValueTask Begin()
    {
        _core.Reset();
        return new ValueTask(this, _core.Version);
    }

    public void Complete() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags | ValueTaskSourceOnCompletedFlags.UseSchedulingContext);
}
