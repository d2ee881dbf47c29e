using System.Formats.Cbor;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor;

/// <summary>
/// The configuration that the hypervisor hands to the Resource Manager: one CBOR map with the keys of the public
/// hypervisor, in the runtime environment block (RM: rm_env_data.h).
/// </summary>
public sealed record RootVmConfiguration
{
    /// <summary>The root VM's own CSpace.</summary>
    public required CapId CSpace { get; init; }

    /// <summary>The partition that objects are created from.</summary>
    public required CapId Partition { get; init; }

    /// <summary>The root VM's only vCPU.</summary>
    public required CapId VCpu { get; init; }

    /// <summary>The root VM's address space.</summary>
    public required CapId AddressSpace { get; init; }

    /// <summary>The root VM's interrupt controller.</summary>
    public required CapId Vic { get; init; }

    /// <summary>The sparse extent that owns all memory that may be given to VMs.</summary>
    public required CapId MemExtent { get; init; }

    /// <summary>The extent with the root VM's own memory.</summary>
    public required CapId OwnMemExtent { get; init; }

    /// <summary>First physical address of <see cref="MemExtent"/>.</summary>
    public required ulong MemoryBase { get; init; }

    /// <summary>Bytes of <see cref="MemExtent"/>.</summary>
    public required ulong MemorySize { get; init; }

    /// <summary>Addresses of the platform.</summary>
    public required PlatformLayout Layout { get; init; }

    /// <summary>A bit for each physical CPU that may be used.</summary>
    public required ulong UsableCores { get; init; }

    /// <summary>Writes the map.</summary>
    public byte[] Encode()
    {
        var writer = new CborWriter();
        writer.WriteStartMap(null);
        Write("cspace_capid", CSpace.Value);
        Write("partition_capid", Partition.Value);
        Write("vcpu_capid", VCpu.Value);
        Write("addrspace_capid", AddressSpace.Value);
        Write("vic", Vic.Value);
        Write("me_capid", MemExtent.Value);
        Write("me_ipa_base", MemoryBase);
        Write("me_size", MemorySize);
        Write("rm_me_capid", OwnMemExtent.Value);
        Write("rm_ipa_base", Layout.RootBase);
        Write("rm_size", Layout.RootSize);
        Write("gicd_base", Layout.GicdBase);
        Write("gicr_base", Layout.GicrBase);
        Write("gicr_stride", Layout.GicrStride);
        Write("entry_hlos", Layout.HlosEntry);
        Write("hlos_vm_base", Layout.HlosBase);
        Write("hlos_vm_size", Layout.HlosSize);
        Write("hlos_dt_base", Layout.HlosDeviceTree);
        Write("boot_core", Layout.BootCore);
        Write("usable_cores", UsableCores);
        writer.WriteEndMap();
        return writer.Encode();

        void Write(string key, ulong value)
        {
            writer.WriteTextString(key);
            writer.WriteUInt64(value);
        }
    }

    /// <summary>Reads the map as the Resource Manager does.</summary>
    /// <exception cref="CborContentException">The bytes are not what <see cref="Encode"/> makes.</exception>
    public static RootVmConfiguration Decode(ReadOnlyMemory<byte> bytes)
    {
        var values = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var reader = new CborReader(bytes);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap) values[reader.ReadTextString()] = reader.ReadUInt64();
        reader.ReadEndMap();
        return new RootVmConfiguration
        {
            CSpace = new CapId(values["cspace_capid"]),
            Partition = new CapId(values["partition_capid"]),
            VCpu = new CapId(values["vcpu_capid"]),
            AddressSpace = new CapId(values["addrspace_capid"]),
            Vic = new CapId(values["vic"]),
            MemExtent = new CapId(values["me_capid"]),
            OwnMemExtent = new CapId(values["rm_me_capid"]),
            MemoryBase = values["me_ipa_base"],
            MemorySize = values["me_size"],
            UsableCores = values["usable_cores"],
            Layout = new PlatformLayout
            {
                HlosBase = values["hlos_vm_base"],
                HlosSize = values["hlos_vm_size"],
                HlosEntry = values["entry_hlos"],
                HlosDeviceTree = values["hlos_dt_base"],
                RootBase = values["rm_ipa_base"],
                RootSize = values["rm_size"],
                GicdBase = values["gicd_base"],
                GicrBase = values["gicr_base"],
                GicrStride = values["gicr_stride"],
                BootCore = (ushort)values["boot_core"],
            },
        };
    }
}
