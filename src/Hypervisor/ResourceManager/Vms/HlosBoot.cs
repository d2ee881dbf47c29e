using System.Buffers.Binary;
using RmStack.Machine.DeviceTree;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Devices;
using RmStack.ResourceManager.Platform;
using RmStack.ResourceManager.Trees;

namespace RmStack.ResourceManager.Vms;

/// <summary>Creates the primary VM and lets it run (RM: hlos_vm.c).</summary>
internal static class HlosBoot
{
    private const int FdtHeadSize = 8;

    /// <summary>From nothing to a running primary VM.</summary>
    /// <exception cref="InvalidOperationException">The hypervisor refused something.</exception>
    public static void Start(RmServer rm)
    {
        var platform = rm.Platform;
        var layout = platform.Configuration.Layout;
        var hlos = rm.Vms.Hlos;
        var vcpus = Math.Clamp(rm.Options.HlosVcpus, 1, platform.UsableCores);
        var attempt = new Attempt();

        var objects = new VmObjects(platform);
        hlos.Objects = objects;
        attempt.Ok(objects.Create(new VmPlan { Vmid = hlos.Vmid, HasPowerGroup = true }));
        attempt.Demand("the primary VM's objects");
        AddMemory(platform, hlos, attempt);
        attempt.Demand("the primary VM's memory");
        for (var n = 0; n < vcpus; n++)
        {
            // The first of them is on the core that the system booted on.
            var core = (layout.BootCore + n) % platform.UsableCores;
            attempt.Ok(objects.AddVcpu(new VcpuPlan { Index = n, Options = HypConstants.VcpuHlos, Affinity = (ushort)core }));
        }

        attempt.Ok(objects.PlaceVic(layout.GicdBase, layout.GicrBase, layout.GicrStride));
        attempt.Demand("the primary VM's vCPUs");

        var link = new RmLinkDevice(platform, rm.Links, hlos, rm.Vms.Rm, new RmLinkSpec(string.Empty));
        hlos.Devices.Add(link);
        if (link.Create() != Protocol.RmError.Ok) throw new InvalidOperationException("The Resource Manager cannot boot: the primary VM's link was refused.");
        ShowOwnVcpu(rm, attempt);
        WriteTree(rm, hlos, link, vcpus);
        attempt.Ok(platform.Hyp.PowerOn(objects.Vcpus[0].Cap, layout.HlosEntry, layout.HlosDeviceTree, 0));
        attempt.Demand("the primary VM's start");
    }

    private static void AddMemory(RmPlatform platform, Vm hlos, Attempt attempt)
    {
        var configuration = platform.Configuration;
        var layout = configuration.Layout;
        var offset = layout.HlosBase - configuration.MemoryBase;
        var extent = hlos.Objects!.MemExtent;
        attempt.Ok(platform.Hyp.Donate(HypConstants.DonateToChild, configuration.MemExtent, extent, offset, layout.HlosSize));
        attempt.Ok(platform.Hyp.Map(
            hlos.Objects.AddressSpace,
            extent,
            layout.HlosBase,
            HypConstants.MapAttributes(MemRights.ReadWriteExecute),
            HypConstants.MapPartial,
            offset,
            layout.HlosSize));
        hlos.Addresses.TryReserve(layout.HlosBase, layout.HlosSize);
    }

    // The primary VM may say where the RM runs, and sees its vCPU in VM_GET_HYP_RESOURCES.
    private static void ShowOwnVcpu(RmServer rm, Attempt attempt)
    {
        var configuration = rm.Platform.Configuration;
        var own = new VmVcpu(0, configuration.VCpu) { Core = configuration.Layout.BootCore };
        attempt.Ok(rm.Platform.Give(configuration.VCpu, rm.Vms.Hlos.Objects!.CSpace, HypRights.ThreadAffinity), out var cap);
        own.OwnerCap = cap;
        rm.Vms.Rm.Objects = new VmObjects(rm.Platform);
        rm.Vms.Rm.Objects.Vcpus.Add(own);
    }

    private static void WriteTree(RmServer rm, Vm hlos, RmLinkDevice link, int vcpus)
    {
        var configuration = rm.Platform.Configuration;
        var layout = configuration.Layout;
        var room = (layout.HlosEntry > layout.HlosDeviceTree ? layout.HlosEntry : layout.HlosBase + layout.HlosSize) - layout.HlosDeviceTree;
        var window = rm.Platform.Window;
        var pieces = new[] { new ExtentPiece(layout.HlosDeviceTree - configuration.MemoryBase, room) };
        if (!window.TryOpen(hlos.Objects!.MemExtent, pieces, MemRights.ReadWrite))
            throw new InvalidOperationException("The Resource Manager cannot boot: it cannot reach the primary VM's device tree.");
        var blob = ReadTree(window, room) ?? HlosTree.CreatePlatform(layout, vcpus, rm.Options.HlosBootArguments);
        HlosTree.AddHypervisor(blob, hlos, link, rm.Options.NamesUpstreamHypervisor);
        var bytes = blob.ToArray();
        var written = (ulong)bytes.Length <= room && window.TryWrite(0, bytes);
        window.Close();
        if (!written) throw new InvalidOperationException("The Resource Manager cannot boot: the primary VM's device tree does not fit.");
    }

    // A loader may have put a tree there, with a command line and an initial file system in it.
    private static DeviceTreeBlob? ReadTree(MemoryWindow window, ulong room)
    {
        Span<byte> head = stackalloc byte[FdtHeadSize];
        if (!window.TryRead(0, head)) return null;
        var size = BinaryPrimitives.ReadUInt32BigEndian(head[sizeof(uint)..]);
        if (size > room || size > DeviceTreeBlob.MaxSize) return null;
        var bytes = new byte[size];
        if (!window.TryRead(0, bytes)) return null;
        return DeviceTreeBlob.TryRead(bytes, out var blob, out _) == FdtStatus.Ok ? blob : null;
    }
}
