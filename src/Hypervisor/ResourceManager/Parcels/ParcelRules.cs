using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Vms;

namespace RmStack.ResourceManager.Parcels;

/// <summary>Who may be named in a new memparcel, and how: the checks between its number and its memory, in order (RM: memparcel.c).</summary>
internal static class ParcelRules
{
    /// <summary>Checks ACL and attributes.</summary>
    public static RmError Check(VmTable vms, Vm caller, MemTransType transType, in MemLend request)
    {
        var error = CheckAcl(vms, request);
        if (error != RmError.Ok) return error;
        var namesOwner = Names(request.Acl, caller.Vmid, request.Acl.Count);
        if (namesOwner != (transType == MemTransType.Share)) return RmError.ArgumentInvalid;
        return CheckAttributes(request);
    }

    private static RmError CheckAcl(VmTable vms, in MemLend request)
    {
        for (var n = 0; n < request.Acl.Count; n++)
        {
            var entry = request.Acl[n];
            if (Names(request.Acl, entry.Vmid, n) || !vms.MayBeNamed(entry.Vmid) || !entry.Rights.IsValid()) return RmError.ArgumentInvalid;
            if (request.MemType == MemType.Io && (entry.Rights & MemRights.Execute) != MemRights.None) return RmError.ArgumentInvalid;
        }

        return RmError.Ok;
    }

    private static RmError CheckAttributes(in MemLend request)
    {
        for (var n = 0; n < request.Attributes.Count; n++)
        {
            var entry = request.Attributes[n];
            for (var before = 0; before < n; before++)
                if (request.Attributes[before].Vmid == entry.Vmid)
                    return RmError.ArgumentInvalid;
            if (entry.Attribute > MemAttribute.Cached) return RmError.ArgumentInvalid;
            if ((request.MemType == MemType.Io) != (entry.Attribute == MemAttribute.Device)) return RmError.ArgumentInvalid;
            if (!Names(request.Acl, entry.Vmid, request.Acl.Count)) return RmError.VmidInvalid;
        }

        return RmError.Ok;
    }

    private static bool Names(WireList<AclEntry> acl, ushort vmid, int count)
    {
        for (var n = 0; n < count; n++)
            if (acl[n].Vmid == vmid)
                return true;
        return false;
    }
}
