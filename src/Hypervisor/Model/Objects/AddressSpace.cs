using RmStack.Hypervisor.Memory;
using RmStack.Machine.Mmu;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// A VM's intermediate physical address space: its stage-2 mappings, the ranges whose accesses a proxy serves, and the
/// emulated devices in it (Gunyah API: address spaces).
/// </summary>
public sealed class AddressSpace : HypObject
{
    /// <summary>VMMIO ranges at the most.</summary>
    public const int MaxVmmioRanges = 128;

    private const ulong AddressLimit = 1UL << 52;

    private readonly List<(ulong Base, ulong Size)> _vmmio = [];
    private readonly List<VirtualDevice> _devices = [];
    private ushort _vmid;
    private int _threads;
    private Stage2? _stage2;

    internal AddressSpace(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.AddressSpace, partition)
    {
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.AddressSpaceAll;

    /// <summary>VMID; 0 while not configured.</summary>
    public ushort Vmid => _vmid;

    /// <summary>The second stage of translation.</summary>
    public Stage2 Stage2 => _stage2!;

    internal GunyahError Configure(ushort vmid)
    {
        if (vmid is 0 or >= 256) return GunyahError.ArgumentInvalid;
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        _vmid = vmid;
        return GunyahError.Ok;
    }

    internal bool InRange(ulong ipa) => ipa >> Hypervisor.Options.IpaBits == 0;

    internal GunyahError AddVmmio(ulong start, ulong size)
    {
        var error = CheckVmmio(start, size);
        if (error != GunyahError.Ok) return error;
        if (_vmmio.Count >= MaxVmmioRanges) return GunyahError.NoResources;
        if (start + size > AddressLimit) return GunyahError.ArgumentSize;
        foreach (var range in _vmmio)
            if (start < range.Base + range.Size && range.Base < start + size)
                return GunyahError.Busy;
        _vmmio.Add((start, size));
        return GunyahError.Ok;
    }

    internal GunyahError RemoveVmmio(ulong start, ulong size)
    {
        var error = CheckVmmio(start, size);
        if (error != GunyahError.Ok) return error;
        if (start + size > AddressLimit) return GunyahError.ArgumentSize;
        return _vmmio.Remove((start, size)) ? GunyahError.Ok : GunyahError.Busy;
    }

    /// <summary>True when the whole access lies in a range that a proxy serves.</summary>
    public bool IsVmmio(ulong ipa, ulong size)
    {
        foreach (var range in _vmmio)
            if (ipa >= range.Base && ipa - range.Base + size <= range.Size)
                return true;
        return false;
    }

    internal GunyahError Attach(VirtualDevice device)
    {
        if (device.Size == 0 || device.Base + device.Size < device.Base) return GunyahError.ArgumentInvalid;
        foreach (var other in _devices)
            if (device.Base < other.Base + other.Size && other.Base < device.Base + device.Size)
                return GunyahError.Busy;
        _devices.Add(device);
        device.Vic.Retain();
        return GunyahError.Ok;
    }

    /// <summary>The emulated device that holds the whole access, if any.</summary>
    internal VirtualDevice? DeviceAt(ulong ipa, ulong size)
    {
        foreach (var device in _devices)
            if (ipa >= device.Base && ipa - device.Base + size <= device.Size)
                return device;
        return null;
    }

    internal bool HasDevice(Vic vic, int index) => _devices.Exists(d => d.Vic == vic && d.Index == index);

    /// <summary>Which part of an extent is mapped at an address (Gunyah API: addrspace_lookup).</summary>
    internal GunyahError Lookup(MemExtent extent, ulong vbase, ulong size, out ulong offset, out ulong found, out uint attributes)
    {
        offset = found = 0;
        attributes = 0;
        if (size == 0) return GunyahError.ArgumentSize;
        if (vbase + size < vbase) return GunyahError.AddrOverflow;
        if (((vbase | size) & 0xfff) != 0) return GunyahError.ArgumentAlignment;
        if (!Stage2.TryFind(vbase, out var mapping)) return GunyahError.AddrInvalid;
        var pa = mapping.Pa + (vbase - mapping.Ipa);
        var length = Math.Min(size, mapping.End - vbase);
        while (length < size && Stage2.TryFind(vbase + length, out var next) && next.Pa == pa + length
            && next.Kernel == mapping.Kernel && next.User == mapping.User && next.MemoryType == mapping.MemoryType)
            length = Math.Min(size, length + next.Size);
        if (pa < extent.Base || pa + length > extent.Base + extent.Size) return GunyahError.MemDbNotOwner;
        if (!Hypervisor.Ownership.IsOwnedBy(pa, length, extent)) return GunyahError.MemDbNotOwner;
        offset = pa - extent.Base;
        found = length;
        attributes = new Stage2Attributes(mapping.User, mapping.Kernel, mapping.MemoryType).Word;
        return GunyahError.Ok;
    }

    internal GunyahError AddThread()
    {
        if (_threads >= Hypervisor.Options.Cores) return GunyahError.NoMem;
        _threads++;
        return GunyahError.Ok;
    }

    internal void RemoveThread() => _threads--;

    /// <inheritdoc/>
    protected override GunyahError OnActivate()
    {
        if (_vmid == 0) return GunyahError.ObjectConfig;
        if (!Hypervisor.TryUseVmid(_vmid)) return GunyahError.Busy;
        _stage2 = new Stage2(_vmid, Hypervisor.Options.IpaBits);
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive)
    {
        if (wasActive) Hypervisor.FreeVmid(_vmid);
        foreach (var device in _devices) device.Vic.Release();
        _devices.Clear();
    }

    private GunyahError CheckVmmio(ulong start, ulong size)
    {
        if (size == 0) return GunyahError.ArgumentSize;
        if (start + size < start || start + size == 0) return GunyahError.AddrOverflow;
        return State is ObjectState.Init or ObjectState.Active ? GunyahError.Ok : GunyahError.ObjectState;
    }
}
