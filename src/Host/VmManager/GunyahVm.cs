using System.Buffers.Binary;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>
/// One VM of the host, as the VM manager of series v11 to v14 keeps it: what /dev/gunyah's CREATE_VM returns (Linux:
/// vm_mgr.c). Its methods are the ioctls; <see cref="TeardownAsync"/> is what follows the last close.
/// </summary>
public sealed partial class GunyahVm : IGunyahVm
{
    private readonly ResourceManagerDriver _rm;
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<IVmFunction> _functions = [];
    private IDisposable? _notifier;
    private readonly Queue<VmState> _afterStart = new();
    private TaskCompletionSource _statusChanged = NewSignal();
    private Task<DriverStatus>? _starting;
    private ulong _dtbAddress;
    private ulong _dtbSize;

    /// <summary>CREATE_VM.</summary>
    public GunyahVm(ResourceManagerDriver resourceManager, IHostKernel kernel)
    {
        _rm = resourceManager;
        Kernel = kernel;
    }

    /// <summary>
    /// The state as the driver tracks it, in the Resource Manager's numbers: None, Load, InitFailed, Ready, Running, Exited, Reset.
    /// </summary>
    public VmState State { get; private set; } = VmState.None;

    /// <summary>Its VMID, once there is one.</summary>
    public ushort Vmid { get; private set; }

    /// <summary>How it ended, once it has.</summary>
    public VmExitInfo? Exit { get; private set; }

    /// <summary>Its resources.</summary>
    public ResourceTickets Tickets { get; } = new();

    /// <summary>Memory that it was given, in order.</summary>
    public IReadOnlyList<MemoryRegion> Regions => _regions;

    /// <summary>True while its vCPUs may run.</summary>
    public bool IsRunning => State == VmState.Running;

    /// <summary>The kernel below.</summary>
    public IHostKernel Kernel { get; }

    /// <summary>Where notifications of the Resource Manager come from.</summary>
    public NotifierChain Notifier => _rm.Notifier;

    /// <summary>SET_USER_MEM_REGION, or LEND_USER_MEM.</summary>
    public DriverStatus SetMemoryRegion(MemoryRegion region)
    {
        ArgumentNullException.ThrowIfNull(region);
        if ((region.Rights & ~MemRights.ReadWriteExecute) != 0) return DriverStatus.Fail(LinuxErrno.EINVAL, "memory region: unknown flags");
        if (region.Size == 0 || region.GuestAddress % MemoryRegion.PageSize != 0)
            return DriverStatus.Fail(LinuxErrno.EINVAL, "memory region: address or size is not made of pages");
        if (region.GuestAddress + region.Size < region.GuestAddress) return DriverStatus.Fail(LinuxErrno.EOVERFLOW, "memory region: wraps");
        foreach (var other in _regions)
            if (other.Label == region.Label || other.Overlaps(region))
                return DriverStatus.Fail(LinuxErrno.EEXIST, $"memory region {region.Label}: another has its label or its addresses");
        _regions.Add(region);
        return DriverStatus.Ok;
    }

    /// <summary>SET_DTB_CONFIG: where the guest's device tree is, room for the Resource Manager's additions included.</summary>
    public void SetDtbConfig(ulong guestAddress, ulong size)
    {
        _dtbAddress = guestAddress;
        _dtbSize = size;
    }

    /// <summary>ADD_FUNCTION: binds a function that was made for this VM.</summary>
    public DriverStatus AddFunction(IVmFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var status = function.Bind();
        if (status.IsOk) _functions.Add(function);
        return status;
    }

    /// <summary>REMOVE_FUNCTION.</summary>
    public DriverStatus RemoveFunction(IVmFunction function)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (!_functions.Remove(function)) return DriverStatus.Fail(LinuxErrno.ENOENT, "no such function");
        function.Unbind();
        return DriverStatus.Ok;
    }

    /// <summary>Waits for a start in progress, as a vCPU's run does on the VM's status lock.</summary>
    public async ValueTask WaitForStartAsync()
    {
        if (_starting is { } starting) await starting;
    }

    private void OnNotification(MessageId id, ReadOnlySpan<byte> payload)
    {
        if (id == MessageId.VmExited) OnExited(payload);
        else if (id == MessageId.VmStatus) OnStatus(payload);
    }

    private void OnExited(ReadOnlySpan<byte> payload)
    {
        if (VmExited.TryParse(payload, out var exited) != DecodeStatus.Ok || exited.Vmid != Vmid) return;
        Span<byte> reason = stackalloc byte[MaxReason];
        reason.Clear();
        exited.Reason[..Math.Min(exited.Reason.Length, MaxReason)].CopyTo(reason);
        Exit = new VmExitInfo(exited.ExitType, (uint)exited.Reason.Length, BinaryPrimitives.ReadUInt64LittleEndian(reason));
        Reported(VmState.Exited);
    }

    // Linux looks at nothing but the end of a reset here: the other states it knows from its own calls.
    private void OnStatus(ReadOnlySpan<byte> payload)
    {
        if (VmStatus.TryParse(payload, out var status) != DecodeStatus.Ok || status.Vmid != Vmid) return;
        if (status.State == VmState.Reset) Reported(VmState.Reset);
    }

    // The start holds the status lock for writing: what is reported meanwhile takes effect when it is over.
    private void Reported(VmState state)
    {
        if (_starting is null) SetState(state);
        else _afterStart.Enqueue(state);
    }

    private const int MaxReason = VmExitInfo.MaxReasonSize;

    private void SetState(VmState state)
    {
        State = state;
        var waiters = _statusChanged;
        _statusChanged = NewSignal();
        waiters.SetResult();
    }

    private async ValueTask WaitForStateAsync(VmState state)
    {
        while (State != state) await _statusChanged.Task;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A function that user space adds to a VM: a vCPU, an interrupt, an event (Linux: struct gh_vm_function).</summary>
public interface IVmFunction
{
    /// <summary>Attaches it; on a failure nothing of it is left.</summary>
    DriverStatus Bind();

    /// <summary>Detaches it.</summary>
    void Unbind();
}
