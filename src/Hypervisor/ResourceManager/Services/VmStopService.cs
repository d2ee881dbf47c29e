using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Trees;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_STOP by the owner, and VM_EXIT by the VM itself (RM: vm_mgnt.c).</summary>
internal sealed class VmStopService
{
    private readonly RmServer _rm;

    private VmStopService(RmServer rm) => _rm = rm;

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm)
    {
        var service = new VmStopService(rm);
        return new RpcHandlerGroup<Vm>()
            .Add<VmStop, EmptyPayload>(MessageId.VmStop, service.Stop)
            .AddRaw<EmptyPayload>(MessageId.VmExit, service.Exit);
    }

    private RmError Stop(Vm caller, scoped in VmStop request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        var error = Targets.FindOwn(_rm.Vms, request.Vmid, caller, out var vm);
        if (error != RmError.Ok) return error;
        if (!vm.May(VmEvent.Exited) || Has(vm, VmAttributes.NoShutdown)) return RmError.VmState;

        if ((request.Flags & VmStopFlags.Force) != VmStopFlags.None) _rm.Exits.End(vm, ExitType.ForcedStop, VmExitFlags.None, VmExitCode.Normal);
        else _rm.Notifications.Shutdown(vm, request.Reason);
        return RmError.Ok;
    }

    private RmError Exit(Vm caller, ReadOnlySpan<byte> payload, ref RpcReplyWriter<EmptyPayload> reply)
    {
        var status = VmExit.TryParse(payload, out var request);
        // The RM looks at the reserved byte after it has looked at the caller.
        if (status is not (DecodeStatus.Ok or DecodeStatus.ReservedNotZero)) return RmErrors.FromDecodeStatus(status);
        if (Targets.IsHlos(caller)) return RmError.Denied;
        if (Has(caller, VmAttributes.CrashFatal)) return RmError.ArgumentInvalid;
        if (status != DecodeStatus.Ok || (VmExitCode)request.Code is VmExitCode.Unknown or > VmExitCode.DeviceError) return RmError.MsgInvalid;
        if (!caller.May(VmEvent.Exited)) return RmError.VmState;
        _rm.Exits.End(caller, ExitType.VmExit, request.Flags, (VmExitCode)request.Code);
        return RmError.Ok;
    }

    private static bool Has(Vm vm, VmAttributes attribute) => vm.Config?.Tree is { } tree && (tree.Attributes & attribute) != VmAttributes.None;
}
