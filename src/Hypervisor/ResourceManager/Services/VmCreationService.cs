using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Parcels;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_CONFIG_IMAGE and VM_INIT (RM: vm_creation.c).</summary>
internal sealed class VmCreationService
{
    private readonly RmServer _rm;
    private readonly VmInitialisation _initialisation;

    private VmCreationService(RmServer rm)
    {
        _rm = rm;
        _initialisation = new VmInitialisation(rm);
    }

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm)
    {
        var service = new VmCreationService(rm);
        return new RpcHandlerGroup<Vm>()
            .Add<VmConfigImage, EmptyPayload>(MessageId.VmConfigImage, service.ConfigImage, Targets.HlosOnly)
            .Add<VmInit, EmptyPayload>(MessageId.VmInit, service.Init, Targets.HlosOnly);
    }

    private RmError ConfigImage(Vm caller, scoped in VmConfigImage request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        var error = Targets.Find(_rm.Vms, request.Vmid, caller, VmEvent.Configured, out var vm);
        if (error != RmError.Ok) return error;

        var knowsAuth = request.Auth is AuthMechanism.None or AuthMechanism.Platform or AuthMechanism.Android;
        if (_rm.Options.Drop == RmDrop.Rm2 && !knowsAuth) return RmError.ArgumentInvalid;
        error = Check(vm, request, knowsAuth);
        if (error == RmError.Ok)
        {
            vm.Config = new VmConfig
            {
                ParcelHandle = request.Handle,
                Auth = request.Auth,
                ImageOffset = request.ImageOffset,
                DtbOffset = request.DtbOffset,
                DtbSize = request.DtbSize,
            };
        }

        vm.Move(error != RmError.Ok ? VmEvent.StepFailed
            : request.Auth == AuthMechanism.Platform ? VmEvent.ConfiguredForAuthentication
            : VmEvent.Configured);
        _rm.Notifications.Status(vm);
        return error;
    }

    // From here on a refusal costs the VM its state.
    private RmError Check(Vm vm, in VmConfigImage request, bool knowsAuth)
    {
        if (_rm.Parcels.FindFor(vm.Vmid, request.Handle) is not { } parcel) return RmError.MemInvalid;
        var newer = _rm.Options.Drop == RmDrop.Rm2;
        if (newer && (parcel.Owner != vm.Owner || !(parcel.TransType == MemTransType.Share || parcel.IsExclusive))) return RmError.Denied;
        if (!Fits(request.ImageOffset, request.ImageSize, parcel) || !Fits(request.DtbOffset, request.DtbSize, parcel)) return RmError.ArgumentInvalid;

        // The newer RM misses the firmware here; the older one at VM_START.
        if (!knowsAuth || (newer && request.Auth == AuthMechanism.Android)) return RmError.ArgumentInvalid;
        return RmError.Ok;
    }

    private RmError Init(Vm caller, scoped in VmInit request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        var error = Targets.Find(_rm.Vms, request.Vmid, caller, VmEvent.Initialised, out var vm);
        if (error != RmError.Ok) return error;
        error = _initialisation.Run(vm, caller);
        vm.Move(error == RmError.Ok ? VmEvent.Initialised : VmEvent.StepFailed);
        _rm.Notifications.Status(vm);
        return error;
    }

    private static bool Fits(ulong offset, ulong size, MemParcel parcel) => offset + size >= offset && offset + size <= parcel.Size;
}
