using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.ResourceManager.Vms;

/// <summary>All VMs by VMID, and who is whose peer (RM: vm_mgnt.c).</summary>
internal sealed class VmTable
{
    /// <summary>First VMID that the public QEMU platform keeps for its own secondary VMs.</summary>
    public const ushort PlatformFirst = 4;

    /// <summary>Last of them.</summary>
    public const ushort PlatformLast = 31;

    private readonly SortedDictionary<ushort, Vm> _vms = [];

    /// <summary>The RM itself and the primary VM, which it owns.</summary>
    public VmTable()
    {
        Rm = new Vm(Vmids.Rm, Vmids.Rm, VmState.Running);
        Hlos = new Vm(Vmids.Hlos, Vmids.Rm, VmState.Running);
        _vms.Add(Rm.Vmid, Rm);
        _vms.Add(Hlos.Vmid, Hlos);
    }

    public Vm Rm { get; }

    /// <summary>The primary VM.</summary>
    public Vm Hlos { get; }

    /// <summary>All of them, in the order of their VMIDs.</summary>
    public IEnumerable<Vm> All => _vms.Values;

    /// <summary>The VM of a VMID, or null.</summary>
    public Vm? Find(ushort vmid) => _vms.GetValueOrDefault(vmid);

    /// <summary>Makes a VM.</summary>
    /// <param name="vmid">0 for the lowest free dynamic VMID, else a VMID of the platform's.</param>
    /// <param name="owner">Who asks; it becomes the VM's first peer.</param>
    /// <returns>Null when no such VMID is free.</returns>
    public Vm? Allocate(ushort vmid, Vm owner)
    {
        if (vmid == 0)
        {
            vmid = Vmids.DynamicFirst;
            while (vmid <= Vmids.DynamicLast && _vms.ContainsKey(vmid)) vmid++;
            if (vmid > Vmids.DynamicLast) return null;
        }
        else if (vmid is < PlatformFirst or > PlatformLast || _vms.ContainsKey(vmid))
        {
            return null;
        }

        var vm = new Vm(vmid, owner.Vmid);
        _vms.Add(vmid, vm);
        Befriend(vm, owner);
        return vm;
    }

    /// <summary>Frees a VM's VMID.</summary>
    public void Remove(Vm vm)
    {
        ForgetPeers(vm);
        _vms.Remove(vm.Vmid);
    }

    /// <summary>Makes two VMs each other's peers.</summary>
    public static void Befriend(Vm one, Vm other)
    {
        if (!one.Peers.Contains(other.Vmid)) one.Peers.Add(other.Vmid);
        if (!other.Peers.Contains(one.Vmid)) other.Peers.Add(one.Vmid);
    }

    /// <summary>Ends all peer relations of a VM, on both sides.</summary>
    public void ForgetPeers(Vm vm)
    {
        foreach (var peer in vm.Peers) Find(peer)?.Peers.Remove(vm.Vmid);
        vm.Peers.Clear();
    }

    /// <summary>Whether an ACL may name a VMID: the VMs that exist from boot, all of the platform's, and dynamic ones that are allocated.</summary>
    public bool MayBeNamed(ushort vmid) => vmid is >= PlatformFirst and <= PlatformLast || _vms.ContainsKey(vmid);
}
