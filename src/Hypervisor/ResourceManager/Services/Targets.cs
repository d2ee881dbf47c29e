using RmStack.Protocol;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Services;

/// <summary>The checks that open most requests about a VM, in the order the RM makes them.</summary>
internal static class Targets
{
    /// <summary>The VM of a request that only its owner may make: VMID_INVALID when it does not exist, DENIED for others, VM_STATE when the event is not legal.</summary>
    public static RmError Find(VmTable vms, ushort vmid, Vm caller, VmEvent what, out Vm target)
    {
        target = vms.Find(vmid)!;
        if (target is null) return RmError.VmidInvalid;
        if (target.Owner != caller.Vmid) return RmError.Denied;
        return target.May(what) ? RmError.Ok : RmError.VmState;
    }

    /// <summary>The same where a VM that is not the caller's counts as one that does not exist.</summary>
    public static RmError FindOwn(VmTable vms, ushort vmid, Vm caller, out Vm target)
    {
        target = vms.Find(vmid)!;
        return target is null || target.Owner != caller.Vmid ? RmError.VmidInvalid : RmError.Ok;
    }

    /// <summary>Refuses everybody but the primary VM, before the request's bytes are looked at.</summary>
    public static RmError HlosOnly(Vm caller) => IsHlos(caller) ? RmError.Ok : RmError.Denied;

    /// <summary>True for the primary VM, which alone may create others.</summary>
    public static bool IsHlos(Vm caller) => caller.Vmid == Vmids.Hlos;
}
