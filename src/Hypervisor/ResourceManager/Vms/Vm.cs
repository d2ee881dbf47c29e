using System.Diagnostics;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Devices;
using RmStack.ResourceManager.Parcels;
using RmStack.ResourceManager.Platform;

namespace RmStack.ResourceManager.Vms;

/// <summary>A VM as the RM knows it (RM: vm_mgnt.h).</summary>
internal sealed class Vm
{
    // The public QEMU platform gives VMs addresses from 1 GiB on; below is what their owner emulates for them.
    private const ulong FirstAddress = 0x4000_0000;
    private const ulong AddressLimit = 1UL << 36;

    /// <summary>A VM that is being allocated, or one of those that exist from boot.</summary>
    public Vm(ushort vmid, ushort owner, VmState state = VmState.Load)
    {
        Vmid = vmid;
        Owner = owner;
        State = state;
    }

    public ushort Vmid { get; }

    /// <summary>The VM that allocated it.</summary>
    public ushort Owner { get; }

    public VmState State { get; private set; }

    public OsState OsState { get; set; }

    public ushort AppStatus { get; set; }

    /// <summary>VMs that are told about it, in the order they became that.</summary>
    public List<ushort> Peers { get; } = [];

    /// <summary>Null before VM_CONFIG_IMAGE and after VM_RESET.</summary>
    public VmConfig? Config { get; set; }

    /// <summary>Its hypervisor objects; null before VM_INIT and after VM_RESET.</summary>
    public VmObjects? Objects { get; set; }

    /// <summary>Its virtual devices, in the order of its device tree.</summary>
    public List<VDevice> Devices { get; } = [];

    /// <summary>Memparcels that it has accepted, oldest first.</summary>
    public List<MemParcel> AcceptedParcels { get; } = [];

    /// <summary>Its addresses.</summary>
    public AddressRanges Addresses { get; private set; } = new(FirstAddress, AddressLimit);

    /// <summary>Its interrupt numbers.</summary>
    public VirqPool Virqs { get; private set; } = VirqPool.ForVm();

    /// <summary>The text that it left for its owner; null for none.</summary>
    public byte[]? CrashMessage { get; set; }

    /// <summary>True for a VM with a VMID of the platform's.</summary>
    public bool IsSecondary => Vmid is >= VmTable.PlatformFirst and <= VmTable.PlatformLast;

    /// <summary>True when the event is legal now.</summary>
    public bool May(VmEvent what) => VmLife.TryMove(State, what, out _);

    /// <summary>Moves on; what is not legal is our own mistake.</summary>
    public void Move(VmEvent what)
    {
        var legal = VmLife.TryMove(State, what, out var next);
        Debug.Assert(legal, $"VM {Vmid} in state {State} cannot have {what}");
        State = next;
    }

    /// <summary>Whether another VM may ask about it: itself, its owner or a peer.</summary>
    public bool MayBeQueriedBy(Vm caller) => caller == this || caller.Vmid == Owner || Peers.Contains(caller.Vmid);

    /// <summary>Forgets what the life that is over has left behind, all but who owns it.</summary>
    public void Clear()
    {
        Debug.Assert(Devices.Count == 0 && AcceptedParcels.Count == 0 && Objects is null, "cleared before it was cleaned up");
        Config = null;
        CrashMessage = null;
        OsState = OsState.None;
        AppStatus = 0;
        Addresses = new AddressRanges(FirstAddress, AddressLimit);
        Virqs = VirqPool.ForVm();
    }
}
