using RmStack.Hypervisor.Hypercalls;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>A PSCI reset that a VM asked for.</summary>
/// <param name="Type">Bits 31:0 reset type, bit 62 SMC64 form of SYSTEM_RESET2, bit 63 plain SYSTEM_RESET.</param>
/// <param name="Cookie">Cookie of SYSTEM_RESET2.</param>
internal sealed record PsciReset(ulong Type, ulong Cookie)
{
    public const ulong PlainReset = 1UL << 63;
    public const ulong Smc64 = 1UL << 62;
}

/// <summary>What vcpu_run and vcpu_run_check report.</summary>
internal readonly record struct VCpuRunReport(VCpuRunState State, ulong Data0 = 0, ulong Data1 = 0, ulong Data2 = 0);

/// <summary>A device access that waits for the proxy.</summary>
internal readonly record struct VmmioAccess(bool Write, ulong Ipa, int Size, ulong Value);

/// <summary>Proxy scheduling: vcpu_run as the hypervisor does it (hypervisor: vcpu_run.c).</summary>
public sealed partial class VCpu
{
    /// <summary>QEMU platform: deepest CPU-level power-down, original format.</summary>
    private const ulong DeepestSuspendState = 0x0001_0001;

    private const ulong WaitKindWfi = 1;
    private const ulong WaitKindCpuSuspend = 2;

    private VmmioAccess _vmmio;
    private VCpuRunState _lastReported;

    /// <summary>The vCPU whose vcpu_run this one is inside of, or null.</summary>
    public VCpu? Runner { get; private set; }

    /// <summary>The vCPU that this one's vcpu_run is running, or null.</summary>
    public VCpu? Running { get; private set; }

    /// <summary>The frame of the hypercall it is inside of, or null.</summary>
    internal HypercallFrame? PendingFrame { get; set; }

    internal ulong SuspendState { get; private set; }

    internal PsciReset? SystemReset { get; private set; }

    /// <summary>Blocks on a device access that the proxy has to serve.</summary>
    internal void WaitForProxy(in VmmioAccess access)
    {
        _vmmio = access;
        Block(VCpuBlock.Vmmio);
    }

    /// <summary>Starts vcpu_run on this vCPU.</summary>
    /// <returns>Busy when it is not proxy-scheduled or another CPU is inside vcpu_run for it.</returns>
    internal GunyahError BeginRun(VCpu runner, ulong resume0)
    {
        if ((Blocked & VCpuBlock.Run) == 0) return GunyahError.Busy;
        if (_lastReported is VCpuRunState.VmmioRead or VCpuRunState.VmmioWrite && (Blocked & VCpuBlock.Vmmio) != 0)
        {
            Engine.CompleteVmmio(resume0);
            Unblock(VCpuBlock.Vmmio);
        }

        _lastReported = VCpuRunState.Ready;
        Unblock(VCpuBlock.Run);
        if (Runnable) Affinity = runner.Affinity;
        Runner = runner;
        runner.Running = this;
        return GunyahError.Ok;
    }

    /// <summary>Ends vcpu_run and says what became of the vCPU.</summary>
    internal VCpuRunReport EndRun()
    {
        var report = Report();
        _lastReported = report.State;
        Runner!.Running = null;
        Runner = null;
        Block(VCpuBlock.Run);
        return report;
    }

    /// <summary>The state of a vCPU as its proxy is told it.</summary>
    internal VCpuRunReport Report()
    {
        if (Runnable) return new VCpuRunReport(VCpuRunState.Ready);
        if (Exited) return new VCpuRunReport(VCpuRunState.PoweredOff, 1);
        if (Killed) return new VCpuRunReport(VCpuRunState.Blocked);
        if (SystemReset is { } reset) return new VCpuRunReport(VCpuRunState.PsciSystemReset, reset.Type, reset.Cookie);
        if ((Blocked & VCpuBlock.Suspended) != 0) return new VCpuRunReport(VCpuRunState.ExpectsWakeup, SuspendState, WaitKindCpuSuspend);
        if ((Blocked & VCpuBlock.Wfi) != 0) return new VCpuRunReport(VCpuRunState.ExpectsWakeup, 0, WaitKindWfi);
        if ((Blocked & VCpuBlock.Vmmio) != 0)
        {
            return _vmmio.Write
                ? new VCpuRunReport(VCpuRunState.VmmioWrite, _vmmio.Ipa, (ulong)_vmmio.Size, _vmmio.Value)
                : new VCpuRunReport(VCpuRunState.VmmioRead, _vmmio.Ipa, (ulong)_vmmio.Size);
        }

        if ((Blocked & VCpuBlock.Fault) != 0) return new VCpuRunReport(VCpuRunState.Fault);
        if ((Blocked & VCpuBlock.Off) != 0) return new VCpuRunReport(VCpuRunState.PoweredOff);
        return new VCpuRunReport(VCpuRunState.Blocked);
    }

    /// <summary>vcpu_run_check: the state of a vCPU that is not running, with the proxy block left out of account.</summary>
    internal GunyahError Check(out VCpuRunReport report)
    {
        report = default;
        if ((Blocked & ~VCpuBlock.Run) == VCpuBlock.None) return GunyahError.Busy;
        report = Report();
        return report.State == VCpuRunState.Blocked ? GunyahError.Busy : GunyahError.Ok;
    }

    /// <summary>Ties a vCPU to a proxy by binding its wake-up interrupt: the older way to ask for proxy scheduling.</summary>
    internal void MakeProxyScheduled()
    {
        Options |= VCpuOptions.ProxyScheduled;
        if (State == ObjectState.Active) Block(VCpuBlock.Run);
    }
}
