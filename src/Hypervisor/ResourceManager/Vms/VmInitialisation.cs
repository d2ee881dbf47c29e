using System.Buffers.Binary;
using RmStack.Machine.DeviceTree;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Devices;
using RmStack.ResourceManager.Parcels;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Trees;

namespace RmStack.ResourceManager.Vms;

/// <summary>
/// VM_INIT: reads what the VM is to be from its device tree and makes its objects and virtual devices. What a failure
/// leaves behind stays until VM_RESET (RM: vm_creation.c, vm_config.c).
/// </summary>
internal sealed class VmInitialisation(RmServer rm)
{
    private const ulong VmmioSize = 0x4000_0000;
    private const ulong RedistributorSize = 0x2_0000;
    private const ulong DistributorSize = 0x1_0000;
    private const int FdtHeadSize = 8;

    private readonly RmPlatform _platform = rm.Platform;

    /// <summary>Does all of it.</summary>
    public RmError Run(Vm vm, Vm owner)
    {
        var config = vm.Config!;
        if (rm.Parcels.FindFor(vm.Vmid, config.ParcelHandle) is not { } parcel) return RmError.MemInvalid;
        var error = ReadTree(parcel, config, out var tree);
        if (error != RmError.Ok) return error;
        config.Tree = tree;

        var enabled = 0;
        foreach (var cpu in tree!.Cpus)
            if (cpu.Enabled)
                enabled++;
        if (tree.Cpus.Count > _platform.UsableCores || tree.GicrSize < (ulong)enabled * RedistributorSize) return RmError.NoResource;
        error = CreateObjects(vm, tree);
        if (error == RmError.Ok) error = CreateVcpus(vm, owner, tree);
        return error == RmError.Ok ? CreateDevices(vm, owner, tree) : error;
    }

    private RmError ReadTree(MemParcel parcel, VmConfig config, out GuestTree? tree)
    {
        tree = null;
        var bytes = ReadBlob(parcel, config);
        if (bytes is null) return RmError.MemInvalid;
        return GuestTreeReader.TryRead(bytes, out tree) switch
        {
            GuestTreeStatus.Ok => RmError.Ok,
            GuestTreeStatus.Unreadable => rm.Options.Drop == RmDrop.Rm2 ? RmError.ValidateFailed : RmError.MemInvalid,
            _ => RmError.ArgumentInvalid,
        };
    }

    // VM_CONFIG_IMAGE checked the area against the same parcel: a handle is never used again, and a parcel never shrinks.
    private byte[]? ReadBlob(MemParcel parcel, VmConfig config)
    {
        if (config.DtbSize < FdtHeadSize) return null;
        var window = _platform.Window;
        if (!window.TryOpen(parcel.Extent, parcel.PagesOf(config.DtbOffset, config.DtbSize), MemRights.Read)) return null;
        var at = config.DtbOffset % HypConstants.PageSize;
        Span<byte> head = stackalloc byte[FdtHeadSize];
        byte[]? bytes = null;
        if (window.TryRead(at, head))
        {
            // A tree that says it is longer than its area, or than any tree, is not read at all.
            var size = BinaryPrimitives.ReadUInt32BigEndian(head[sizeof(uint)..]);
            if (size <= config.DtbSize && size <= DeviceTreeBlob.MaxSize)
            {
                bytes = new byte[size];
                if (!window.TryRead(at, bytes)) bytes = null;
            }
        }

        window.Close();
        return bytes;
    }

    private RmError CreateObjects(Vm vm, GuestTree tree)
    {
        var objects = new VmObjects(_platform);
        vm.Objects = objects;
        var error = objects.Create(new VmPlan
        {
            Vmid = vm.Vmid,
            HasPowerGroup = tree.HasPsci,
            LinearMpidr = vm.Config!.Auth != AuthMechanism.Platform,
            VmmioSize = vm.Config.Auth != AuthMechanism.Platform ? VmmioSize : 0,
        });
        if (error != GunyahError.Ok) return RmErrors.FromGunyahError(error);
        if (!TryReserve(vm, tree.GicdBase, DistributorSize) || !TryReserve(vm, tree.GicrBase, tree.GicrSize)) return RmError.NoResource;
        if (!vm.Addresses.TryAllocate(HypConstants.PageSize, HypConstants.PageSize, 0, out var infoArea)) return RmError.NoResource;
        return RmErrors.FromGunyahError(objects.CreateInfoArea(vm.Vmid, infoArea));
    }

    // Below the first address that the RM gives out there is nothing to reserve.
    private static bool TryReserve(Vm vm, ulong address, ulong size) => address + size <= VmmioSize || vm.Addresses.TryReserve(address, size);

    private RmError CreateVcpus(Vm vm, Vm owner, GuestTree tree)
    {
        var objects = vm.Objects!;
        for (var index = 0; index < tree.Cpus.Count; index++)
        {
            var cpu = tree.Cpus[index];
            if (!cpu.Enabled) continue;
            var error = objects.AddVcpu(PlanOf(tree.Affinity, cpu, index));
            if (error != GunyahError.Ok) return RmErrors.FromGunyahError(error);
        }

        var placed = objects.PlaceVic(tree.GicdBase, tree.GicrBase);
        if (placed != GunyahError.Ok) return RmErrors.FromGunyahError(placed);
        foreach (var vcpu in objects.Vcpus)
        {
            var error = Connect(vm, owner, vcpu, tree);
            if (error != RmError.Ok) return error;
        }

        return RmError.Ok;
    }

    private static VcpuPlan PlanOf(VcpuAffinity affinity, GuestCpu cpu, int index) => affinity switch
    {
        VcpuAffinity.Proxy => new VcpuPlan { Index = index, Options = HypConstants.VcpuProxyScheduled, Affinity = HypConstants.NoAffinity },
        VcpuAffinity.Pinned => new VcpuPlan { Index = index, Options = HypConstants.VcpuPinned, Affinity = cpu.Core },
        _ => new VcpuPlan { Index = index, Affinity = cpu.Core },
    };

    // Its interrupts, and who may do what with it.
    private RmError Connect(Vm vm, Vm owner, VmVcpu vcpu, GuestTree tree)
    {
        if (!_platform.Virqs.TryTake(out vcpu.HaltVirq)) return RmError.NoResource;
        var attempt = new Attempt();
        if (!attempt.Ok(_platform.Hyp.BindVcpuVirq(vcpu.Cap, _platform.Configuration.Vic, vcpu.HaltVirq, HypConstants.VcpuVirqHalt)))
            return RmErrors.FromGunyahError(attempt.Failure);
        _platform.Context.Interrupts.Enable(vcpu.HaltVirq, () => rm.Exits.OnHalt(vm, vcpu));

        var rights = HypRights.ThreadAffinity;
        if (vcpu.ProxyScheduled)
        {
            if (!owner.Virqs.TryTake(out vcpu.WakeVirq)) return RmError.NoResource;
            attempt.Ok(_platform.Hyp.BindVcpuVirq(vcpu.Cap, owner.Objects!.Vic, vcpu.WakeVirq, HypConstants.VcpuVirqWakeup));
            rights |= HypRights.ThreadYieldTo;
        }

        if (attempt.Failure == GunyahError.Ok && attempt.Ok(_platform.Give(vcpu.Cap, owner.Objects!.CSpace, rights), out var ownerCap))
            vcpu.OwnerCap = ownerCap;
        if (attempt.Failure == GunyahError.Ok && !tree.HasPsci)
            attempt.Ok(_platform.Give(vcpu.Cap, vm.Objects!.CSpace, HypRights.ThreadPower), out _);
        return RmErrors.FromGunyahError(attempt.Failure);
    }

    private RmError CreateDevices(Vm vm, Vm owner, GuestTree tree)
    {
        foreach (var spec in tree.Devices)
        {
            VDevice device = spec switch
            {
                RmLinkSpec link => new RmLinkDevice(_platform, rm.Links, vm, rm.Vms.Rm, link),
                _ => new DoorbellDevice(_platform, vm, owner, (DoorbellSpec)spec),
            };
            vm.Devices.Add(device);
            var error = device.Create();
            if (error != RmError.Ok) return error;
            if (device.Peer != rm.Vms.Rm) VmTable.Befriend(vm, device.Peer);
        }

        return RmError.Ok;
    }
}
