using System.Buffers.Binary;
using System.Diagnostics;
using RmStack.Hypervisor.Memory;
using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor;

/// <summary>Where things are on the public QEMU platform, as the root VM is told (hypervisor: qemu.conf; RM: rm_env_data.h).</summary>
public sealed record PlatformLayout
{
    /// <summary>RAM that the primary VM starts with.</summary>
    public ulong HlosBase { get; init; } = 0x4000_0000;

    /// <summary>Bytes of it.</summary>
    public ulong HlosSize { get; init; } = 0x4000_0000;

    /// <summary>Where the primary VM's software is entered.</summary>
    public ulong HlosEntry { get; init; } = 0x4100_0000;

    /// <summary>Where the primary VM's device tree goes.</summary>
    public ulong HlosDeviceTree { get; init; } = 0x40f0_0000;

    /// <summary>RAM of the hypervisor itself: no VM ever sees it.</summary>
    public ulong HypervisorBase { get; init; } = 0x8000_0000;

    /// <summary>Bytes of it.</summary>
    public ulong HypervisorSize { get; init; } = 0x0100_0000;

    /// <summary>RAM of the root VM.</summary>
    public ulong RootBase { get; init; } = 0x8100_0000;

    /// <summary>Bytes of it.</summary>
    public ulong RootSize { get; init; } = 0x0100_0000;

    /// <summary>Distributor, as the primary VM and the root VM see it.</summary>
    public ulong GicdBase { get; init; } = 0x0800_0000;

    /// <summary>First redistributor.</summary>
    public ulong GicrBase { get; init; } = 0x080a_0000;

    /// <summary>Bytes between redistributors.</summary>
    public ulong GicrStride { get; init; } = 0x2_0000;

    /// <summary>The physical CPU that starts.</summary>
    public ushort BootCore { get; init; }
}

/// <summary>
/// What the hypervisor builds before any VM exists: the root VM, which is the Resource Manager, with one vCPU, its memory
/// and the capabilities that everything else is made from (Gunyah: rootvm.tc, rootvm_package.c).
/// </summary>
public static class RootVm
{
    /// <summary>VMID of the root VM.</summary>
    public const ushort Vmid = 255;

    /// <summary>Signature of the runtime environment block that X0 points to.</summary>
    public const uint EnvironmentSignature = 0x454d_5652;

    /// <summary>Version of the block.</summary>
    public const ushort EnvironmentVersion = 1;

    /// <summary>Byte offset in the block of the offset and size of the Resource Manager's configuration.</summary>
    public const int ConfigurationPointerOffset = 8;

    private const uint MaxCaps = 2048;
    private const uint MaxVirqs = 64;
    private const uint SparseAnyRwx = 0x0001_0007;
    private const uint BasicAnyRwx = 0x0000_0007;
    private const uint MapRwxWriteBack = 0x000f_0077;
    private const int EnvironmentSize = 4096;

    /// <summary>Creates the root VM and powers on its vCPU. It runs when the scheduler does.</summary>
    /// <returns>Its vCPU.</returns>
    public static VCpu Boot(GunyahHypervisor hypervisor, PlatformLayout layout)
    {
        ArgumentNullException.ThrowIfNull(hypervisor);
        ArgumentNullException.ThrowIfNull(layout);
        var partition = hypervisor.RootPartition;
        var memory = hypervisor.PhysicalMemory;

        var cspace = new CSpace(hypervisor, partition);
        Must(cspace.Configure(MaxCaps));
        Must(cspace.Activate());

        var own = new MemExtent(hypervisor, partition);
        Must(own.Configure(layout.RootBase, layout.RootSize, BasicAnyRwx));
        Must(own.Activate());

        var all = new MemExtent(hypervisor, partition);
        Must(all.Configure(memory.Base, memory.Size, SparseAnyRwx));
        Must(all.Activate());
        Give(all, layout);

        var space = new AddressSpace(hypervisor, partition);
        Must(space.Configure(Vmid));
        Must(space.Activate());
        if (!Stage2Attributes.TryParse(MapRwxWriteBack, out var attributes)) throw new InvalidOperationException("malformed mapping attributes");
        Must(own.Map(space, layout.RootBase, 0, layout.RootSize, partial: false, attributes));

        var vic = new Vic(hypervisor, partition);
        Must(vic.Configure(1, MaxVirqs, 0, 0));
        Must(vic.Activate());

        var vcpu = new VCpu(hypervisor, partition);
        Must(vcpu.Configure((ulong)VCpuOptions.Critical));
        Must(vcpu.SetAffinity(layout.BootCore));
        Must(vcpu.Attach(cspace));
        Must(vcpu.Attach(space));
        Must(vcpu.Attach(vic, 0));
        Must(vcpu.Activate());
        Must(space.Attach(new VirtualDevice(vic, 0, layout.GicdBase, 0x1_0000)));
        Must(space.Attach(new VirtualDevice(vic, 1, layout.GicrBase, layout.GicrStride)));

        var configuration = new RootVmConfiguration
        {
            CSpace = Insert(cspace, cspace),
            Partition = Insert(cspace, partition),
            VCpu = Insert(cspace, vcpu),
            AddressSpace = Insert(cspace, space),
            Vic = Insert(cspace, vic),
            MemExtent = Insert(cspace, all),
            OwnMemExtent = Insert(cspace, own),
            MemoryBase = memory.Base,
            MemorySize = memory.Size,
            Layout = layout,
            UsableCores = (1UL << hypervisor.Options.Cores) - 1,
        }.Encode();
        var block = memory.Writable(layout.RootBase, EnvironmentSize);
        block.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block, EnvironmentSignature);
        BinaryPrimitives.WriteUInt16LittleEndian(block[4..], EnvironmentVersion);
        const int Start = 64;
        BinaryPrimitives.WriteUInt32LittleEndian(block[ConfigurationPointerOffset..], Start);
        BinaryPrimitives.WriteUInt32LittleEndian(block[(ConfigurationPointerOffset + 4)..], (uint)configuration.Length);
        configuration.CopyTo(block[Start..]);

        Must(vcpu.PowerOn(layout.RootBase + EnvironmentSize, layout.RootBase, 0));
        return vcpu;
    }

    // The hypervisor's own memory stays with the partition, the root VM's with its extent; the rest can be given away.
    private static void Give(MemExtent all, PlatformLayout layout)
    {
        var partition = all.Partition!;
        foreach (var range in all.Hypervisor.Ownership.OwnedWithin(all.Base, all.Size, partition).ToList())
        {
            ulong start = range.Start, end = range.End;
            var hypervisorEnd = layout.HypervisorBase + layout.HypervisorSize;
            if (start < layout.HypervisorBase) Must(all.TakeFrom(partition, start, Math.Min(end, layout.HypervisorBase) - start));
            if (end > hypervisorEnd)
            {
                start = Math.Max(start, hypervisorEnd);
                Must(all.TakeFrom(partition, start, end - start));
            }
        }
    }

    private static CapId Insert(CSpace cspace, HypObject target)
    {
        Must(cspace.Insert(target, target.AllRights, master: true, out var id));
        return id;
    }

    private static void Must(GunyahError error) => Debug.Assert(error == GunyahError.Ok, $"booting the root VM: {error}");
}
