using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Parcels;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Trees;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>VM_START: memory, device tree, and the boot vCPU (RM: vm_mgnt.c, vm_config.c, vm_dt.c).</summary>
internal sealed class VmStartService
{
    private const ulong LargeRegion = 2 << 20;

    private readonly RmServer _rm;

    private VmStartService(RmServer rm) => _rm = rm;

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm) => new RpcHandlerGroup<Vm>().Add<VmStart, EmptyPayload>(MessageId.VmStart, new VmStartService(rm).Start);

    private RmError Start(Vm caller, scoped in VmStart request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        var error = Targets.Find(_rm.Vms, request.Vmid, caller, VmEvent.Started, out var vm);
        if (error != RmError.Ok) return error;
        error = Run(vm);
        vm.Move(error == RmError.Ok ? VmEvent.Started : VmEvent.StepFailed);
        _rm.Notifications.Status(vm);
        return error;
    }

    private RmError Run(Vm vm)
    {
        var config = vm.Config!;
        var tree = config.Tree!;
        if (_rm.Parcels.FindFor(vm.Vmid, config.ParcelHandle) is not { } image) return RmError.NoResource;
        if (!_rm.Acceptance.TryAccept(image, vm, tree.BaseAddress)) return RmError.NoResource;
        var memory = new List<ulong> { tree.BaseAddress, image.Size };
        if (!TryAcceptPrivateRam(vm, tree.BaseAddress, memory) || !TryWriteTree(vm, config, tree, image, memory)) return RmError.NoResource;

        // The firmware that an Android VM would begin with comes from the boot loader, before its milestone; there is none.
        if (config.Auth == AuthMechanism.Android) return RmError.Denied;

        var boot = vm.Objects!.Vcpus.Find(vcpu => vcpu.Index == tree.BootCpu);
        if (boot is null) return RmError.NoResource;
        var entry = tree.BaseAddress + config.ImageOffset;
        return RmErrors.FromGunyahError(_rm.Platform.Hyp.PowerOn(boot.Cap, entry, tree.BaseAddress + config.DtbOffset, 0));
    }

    private bool TryAcceptPrivateRam(Vm vm, ulong from, List<ulong> memory)
    {
        foreach (var parcel in _rm.Parcels.All)
        {
            if (!parcel.IsPrivateRam || parcel.State == MemParcelState.Init || parcel.RecipientOf(vm.Vmid) is not { Accepted: false }) continue;
            var size = parcel.Size;
            var alignment = size >= LargeRegion ? LargeRegion : HypConstants.PageSize;
            if (!vm.Addresses.TryAllocate(size, alignment, from, out var address)) return false;
            vm.Addresses.Free(address, size);
            if (!_rm.Acceptance.TryAccept(parcel, vm, address)) return false;
            memory.AddRange([address, size]);
        }

        return true;
    }

    private bool TryWriteTree(Vm vm, VmConfig config, GuestTree tree, MemParcel image, List<ulong> memory)
    {
        if (!GuestOverlay.TryApply(tree, vm, memory.ToArray(), _rm.Numbers.Next(), config.DtbSize, out var bytes)) return false;
        var window = _rm.Platform.Window;
        if (!window.TryOpen(image.Extent, image.PagesOf(config.DtbOffset, config.DtbSize), MemRights.ReadWrite)) return false;
        var written = window.TryWrite(config.DtbOffset % HypConstants.PageSize, bytes);
        window.Close();
        return written;
    }
}
