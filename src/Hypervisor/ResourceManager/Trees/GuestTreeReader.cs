using RmStack.Machine.DeviceTree;
using RmStack.ResourceManager.Platform;

namespace RmStack.ResourceManager.Trees;

/// <summary>
/// Reads a VM's device tree as the RM does at VM_INIT: base address, vCPUs, interrupt controller, virtual devices (RM:
/// vm_config_parser.c). The bytes come from outside and are the RM's own copy.
/// </summary>
internal sealed class GuestTreeReader
{
    private const int MaxNameLength = 79;
    private const ulong BaseAlignment = 2 << 20;
    private const ulong AddressLimit = 1UL << 36;

    private readonly DeviceTreeBlob _blob;
    private readonly DeviceTreeNode _config;
    private GuestTreeStatus _status = GuestTreeStatus.Ok;

    private GuestTreeReader(DeviceTreeBlob blob, DeviceTreeNode config)
    {
        _blob = blob;
        _config = config;
    }

    /// <summary>Reads a tree.</summary>
    /// <param name="bytes">The blob, as long as it says it is.</param>
    /// <param name="tree">What is in it, when the status is Ok.</param>
    public static GuestTreeStatus TryRead(ReadOnlySpan<byte> bytes, out GuestTree? tree)
    {
        tree = null;
        if (DeviceTreeBlob.TryRead(bytes, out var blob, out _) != FdtStatus.Ok) return GuestTreeStatus.Unreadable;
        if ((Child(blob!.Root, "gunyah-vm-config") ?? Child(blob.Root, "qcom,vm-config")) is not { } config) return GuestTreeStatus.Unreadable;
        var reader = new GuestTreeReader(blob, config);
        tree = reader.Read((ulong)bytes.Length);
        if (reader._status != GuestTreeStatus.Ok) tree = null;
        return reader._status;
    }

    private GuestTree? Read(ulong size)
    {
        // The overlay writes to a node of exactly this name, so a unit address is fatal.
        if (Child(_blob.Root, "memory") is null || _blob.Root.AddressCells is 0 or > 2 || _blob.Root.SizeCells is 0 or > 2) return Fail(GuestTreeStatus.Unreadable);
        if (!_config.TryGetString("image-name", out var name) || name.Length is 0 or > MaxNameLength) return Fail(GuestTreeStatus.Unreadable);
        if (Child(_config, "memory") is not { } memory || !memory.TryGetU64("base-address", out var address)) return Fail(GuestTreeStatus.Unreadable);
        if (address % HypConstants.PageSize != 0 || address >= AddressLimit) return Fail(GuestTreeStatus.Rejected);
        if (!TryReadVic(out var gicd, out var gicr, out var gicrSize)) return Fail(GuestTreeStatus.Rejected);

        var affinity = ReadAffinity();
        var cpus = ReadCpus(affinity, out var bootCpu, out var hasPsci);
        var devices = new VDeviceReader(_config).Read(ref _status);
        if (_status != GuestTreeStatus.Ok) return null;
        return new GuestTree
        {
            Blob = _blob,
            BlobSize = size,
            ImageName = name,
            Attributes = ReadAttributes(),
            BaseAddress = (address + BaseAlignment - 1) & ~(BaseAlignment - 1),
            GicdBase = gicd,
            GicrBase = gicr,
            GicrSize = gicrSize,
            Cpus = cpus,
            BootCpu = bootCpu,
            HasPsci = hasPsci,
            Affinity = affinity,
            Devices = devices,
        };
    }

    private VmAttributes ReadAttributes()
    {
        var attributes = VmAttributes.None;
        foreach (var word in _config.GetStrings("vm-attrs"))
        {
            attributes |= word switch
            {
                "no-shutdown" => VmAttributes.NoShutdown,
                "no-reset" => VmAttributes.NoReset,
                "crash-fatal" => VmAttributes.CrashFatal | VmAttributes.NoShutdown | VmAttributes.NoReset,
                _ => VmAttributes.None,
            };
        }

        return attributes;
    }

    private bool TryReadVic(out ulong gicd, out ulong gicr, out ulong gicrSize)
    {
        gicd = gicr = gicrSize = 0;
        if (Child(_config, "interrupts") is not { } interrupts || !interrupts.TryGetU32("config", out var phandle)) return false;
        if (_blob.FindPhandle(phandle) is not { } controller) return false;
        return controller.TryGetReg(0, out gicd, out _) && controller.TryGetReg(1, out gicr, out gicrSize)
            && IsPage(gicd) && IsPage(gicr) && gicd < AddressLimit && gicr < AddressLimit && gicrSize < AddressLimit;
    }

    private VcpuAffinity ReadAffinity()
    {
        if (Child(_config, "vcpus") is not { } vcpus || !vcpus.TryGetString("affinity", out var affinity)) return VcpuAffinity.Static;
        switch (affinity)
        {
            case "static":
                return VcpuAffinity.Static;
            case "sticky":
                return VcpuAffinity.Sticky;
            case "pinned":
                return VcpuAffinity.Pinned;
            case "proxy":
                return VcpuAffinity.Proxy;
            default:
                _status = GuestTreeStatus.Rejected;
                return VcpuAffinity.Static;
        }
    }

    private List<GuestCpu> ReadCpus(VcpuAffinity affinity, out int bootCpu, out bool hasPsci)
    {
        bootCpu = -1;
        hasPsci = false;
        var cpus = new List<GuestCpu>();
        var map = Child(_config, "vcpus")?.Property("affinity-map");
        foreach (var node in Child(_blob.Root, "cpus")?.Children ?? [])
        {
            if (!node.TryGetString("device_type", out var type) || type != "cpu") continue;
            var enabled = !node.TryGetString("status", out var status) || status is "okay" or "ok";
            var usesPsci = node.TryGetString("enable-method", out var method) && method is "psci" or "qcom,gunyah-hvc";
            if (enabled && bootCpu < 0) bootCpu = cpus.Count;
            else if (enabled && usesPsci) hasPsci = true;
            else if (enabled) _status = GuestTreeStatus.Rejected;
            hasPsci |= node.Has("cpu-idle-states");
            uint core = 0;
            if (affinity != VcpuAffinity.Proxy && (map is null || !map.TryGetCell(cpus.Count, out core) || core > ushort.MaxValue)) _status = GuestTreeStatus.Rejected;
            cpus.Add(new GuestCpu(enabled, (ushort)core));
        }

        if (bootCpu < 0 || (affinity != VcpuAffinity.Proxy && map?.CellCount != cpus.Count)) _status = GuestTreeStatus.Rejected;
        return cpus;
    }

    private GuestTree? Fail(GuestTreeStatus status)
    {
        _status = status;
        return null;
    }

    private static bool IsPage(ulong address) => address % HypConstants.PageSize == 0;

    private static DeviceTreeNode? Child(DeviceTreeNode node, string name)
    {
        foreach (var child in node.Children)
            if (child.Name == name)
                return child;
        return null;
    }
}
