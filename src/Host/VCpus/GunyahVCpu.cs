using System.Globalization;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>
/// A vCPU of a guest as the host has it: a file with a run page, whose VCPU_RUN gives the guest the caller's time by
/// vcpu_run (Linux: gunyah_vcpu.c, series v8 to v14). HOT: one turn of the loop per exit of the guest.
/// </summary>
public sealed class GunyahVCpu : IVmFunction
{
    private const int NotifierPriority = -1;

    private readonly IGunyahVm _vm;
    private readonly ResourceTicket _ticket;
    private readonly HashSet<uint> _unknownStates = [];
    private IDisposable? _notifier;
    private GunyahResource? _resource;
    private TaskCompletionSource? _sleeper;
    private VCpuState _state = VCpuState.Unknown;
    private int _mmioLength;
    private bool _wakeup;
    private bool _signalled;
    private bool _removed;

    /// <summary>A vCPU of a VM; add it with <see cref="GunyahVm.AddFunction"/>.</summary>
    /// <param name="vm">The VM.</param>
    /// <param name="id">Index of the vCPU: the label of its resource.</param>
    public GunyahVCpu(IGunyahVm vm, uint id)
    {
        ArgumentNullException.ThrowIfNull(vm);
        _vm = vm;
        Id = id;
        _ticket = new ResourceTicket(ResourceType.VirtualCpu, id, Populate, Unpopulate);
    }

    private enum VCpuState
    {
        Unknown,
        Ready,
        MmioRead,
        MmioWrite,
        SystemDown,
    }

    /// <summary>Index of the vCPU.</summary>
    public uint Id { get; }

    /// <summary>The page that user space maps.</summary>
    public VCpuRunPage Page { get; } = new();

    /// <summary>What happened so far.</summary>
    public VCpuStatistics Statistics { get; } = new();

    /// <inheritdoc/>
    public DriverStatus Bind()
    {
        var status = _vm.Tickets.Add(_ticket);
        if (!status.IsOk) return status;
        _notifier = _vm.Notifier.Register(OnNotification, NotifierPriority);
        return status;
    }

    /// <inheritdoc/>
    public void Unbind()
    {
        _removed = true;
        _notifier?.Dispose();
        _vm.Tickets.Remove(_ticket);
    }

    /// <summary>A signal to the thread that is in VCPU_RUN: the call ends with -EINTR.</summary>
    public void Signal()
    {
        _signalled = true;
        _sleeper?.TrySetResult();
    }

    /// <summary>
    /// VCPU_RUN. Returns when there is something for user space to do.
    /// </summary>
    /// <returns>0: look at the run page. Else a negative error number, and the run page is as it was.</returns>
    public async ValueTask<int> RunAsync()
    {
        if (_removed || _resource is not { CapId: var cap }) return -LinuxErrno.ENODEV;
        ulong resume = 0;
        switch (_state)
        {
            case VCpuState.Unknown:
                await _vm.WaitForStartAsync();
                if (CheckSystem()) return 0;
                break;
            case VCpuState.MmioRead:
                resume = Page.MmioData & (_mmioLength >= VCpuRunPage.MaxMmioSize ? ulong.MaxValue : (1UL << (8 * _mmioLength)) - 1);
                break;
            case VCpuState.SystemDown:
                return 0;
        }

        _state = VCpuState.Ready;
        while (!_signalled)
        {
            if (Page.ImmediateExit) return -LinuxErrno.EINTR;
            var run = await _vm.Kernel.VcpuRunAsync(cap, resume, 0, 0);
            resume = 0;
            Statistics.Runs++;
            switch (run.Error)
            {
                case GunyahError.Ok:
                    if (await HandleAsync((HypervisorVCpuState)run.State, run.Data0, run.Data1, run.Data2)) return 0;
                    break;
                case GunyahError.Retry:
                    Statistics.Retries++;
                    await Task.Yield();
                    break;
                default:
                    return run.Error.ToErrno();
            }
        }

        _signalled = false;
        return -LinuxErrno.EINTR;
    }

    /// <returns>True when the run page has something for user space.</returns>
    private async ValueTask<bool> HandleAsync(HypervisorVCpuState state, ulong data0, ulong data1, ulong data2)
    {
        switch (state)
        {
            case HypervisorVCpuState.Ready:
                Statistics.Ready++;
                await Task.Yield();
                return false;
            case HypervisorVCpuState.PoweredOff:
                // For good when the VM has ended; else another vCPU may switch it on, and the wake-up interrupt comes.
                Statistics.PoweredOff++;
                return CheckSystem() || await SleepAsync();
            case HypervisorVCpuState.ExpectsWakeup:
                Statistics.ExpectsWakeup++;
                return await SleepAsync();
            case HypervisorVCpuState.Blocked:
                Statistics.Blocked++;
                await Task.Yield();
                return false;
            case HypervisorVCpuState.VmmioRead:
                Statistics.MmioReads++;
                Mmio(VCpuState.MmioRead, data0, data1, 0);
                return true;
            case HypervisorVCpuState.VmmioWrite:
                Statistics.MmioWrites++;
                Mmio(VCpuState.MmioWrite, data0, data1, data2);
                return true;
            default:
                Statistics.Unknown++;
                if (_unknownStates.Add((uint)state))
                    _vm.Kernel.Log(string.Create(CultureInfo.InvariantCulture, $"gh-vcpu {Id}: unknown vCPU state 0x{(uint)state:x}; trying again until the VM is reported to have ended"));
                await Task.Yield();
                return false;
        }
    }

    private void Mmio(VCpuState state, ulong address, ulong length, ulong data)
    {
        if (length > VCpuRunPage.MaxMmioSize)
        {
            _vm.Kernel.Log($"gh-vcpu {Id}: an access of {length} bytes is cut to {VCpuRunPage.MaxMmioSize}");
            length = VCpuRunPage.MaxMmioSize;
        }

        _mmioLength = (int)length;
        _state = state;
        Page.SetMmio(address, _mmioLength, state == VCpuState.MmioWrite, data);
    }

    /// <summary>Waits for the wake-up interrupt, the end of the VM, or a signal.</summary>
    private async ValueTask<bool> SleepAsync()
    {
        if (!_wakeup && !_signalled)
        {
            _sleeper = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _sleeper.Task;
            _sleeper = null;
        }

        // Armed again before the next hypercall: an interrupt that comes from now on counts.
        _wakeup = false;
        return !_signalled && CheckSystem();
    }

    private void Wake()
    {
        _wakeup = true;
        _sleeper?.TrySetResult();
    }

    /// <summary>Lays the end of the VM into the run page, if it has ended.</summary>
    private bool CheckSystem()
    {
        if (_vm.IsRunning) return false;
        _state = VCpuState.SystemDown;
        var status = _vm.State switch
        {
            VmState.InitFailed => VmRunStatus.LoadFailed,
            VmState.Exited => VmRunStatus.Exited,
            _ => VmRunStatus.Crashed,
        };
        Page.SetStatus(status, _vm.Exit ?? default);
        return true;
    }

    // Runs after the VM's own listener, so the state is the new one.
    private void OnNotification(MessageId id, ReadOnlySpan<byte> payload)
    {
        if (id != MessageId.VmExited || VmExited.TryParse(payload, out var exited) != DecodeStatus.Ok || exited.Vmid != _vm.Vmid) return;
        Wake();
    }

    private bool Populate(GunyahResource resource)
    {
        if (_resource is not null) return false;
        if (resource.Virq is { } virq && !_vm.Kernel.TryRequestIrq(virq, Wake))
        {
            _vm.Kernel.Log($"gh-vcpu {Id}: interrupt {virq} cannot be requested");
            return false;
        }

        _resource = resource;
        return true;
    }

    private void Unpopulate(GunyahResource resource)
    {
        Page.ImmediateExit = true;
        Wake();
        if (resource.Virq is { } virq) _vm.Kernel.FreeIrq(virq);
        _resource = null;
    }
}
