using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager.Parcels;
using RmStack.ResourceManager.Vms;
using RmStack.Transport.Rpc;

namespace RmStack.ResourceManager.Services;

/// <summary>MEM_LEND, MEM_SHARE, MEM_APPEND and MEM_RECLAIM (RM: memparcel.c).</summary>
internal sealed class MemParcelService
{
    private readonly RmServer _rm;

    private MemParcelService(RmServer rm) => _rm = rm;

    public static RpcHandlerGroup<Vm> Handlers(RmServer rm)
    {
        var service = new MemParcelService(rm);
        return new RpcHandlerGroup<Vm>()
            .Add<MemLend, MemHandleReply>(MessageId.MemLend, (caller, scoped in request, ref reply) => service.Create(MemTransType.Lend, caller, in request, ref reply))
            .Add<MemLend, MemHandleReply>(MessageId.MemShare, (caller, scoped in request, ref reply) => service.Create(MemTransType.Share, caller, in request, ref reply))
            .Add<MemAppend, EmptyPayload>(MessageId.MemAppend, service.Append)
            .Add<MemReclaim, EmptyPayload>(MessageId.MemReclaim, service.Reclaim);
    }

    private RmError Create(MemTransType transType, Vm caller, scoped in MemLend request, ref RpcReplyWriter<MemHandleReply> reply)
    {
        if (request.Acl.Count == 0 || request.Sgl.Count == 0) return RmError.ArgumentInvalid;
        if (_rm.Parcels.CountOwnedBy(caller.Vmid) >= _rm.Options.MaxParcelsPerOwner) return RmError.Denied;
        if ((request.Flags & MemCreateFlags.Sanitize) != MemCreateFlags.None && request.MemType == MemType.Io) return RmError.ArgumentInvalid;

        // From here on a refusal uses up a number.
        var handle = _rm.Parcels.TakeHandle();
        var error = ParcelRules.Check(_rm.Vms, caller, transType, request);
        if (error != RmError.Ok) return error;
        var acl = new AclEntry[request.Acl.Count];
        request.Acl.CopyTo(acl);
        var attributes = new MemAttributeEntry[request.Attributes.Count];
        request.Attributes.CopyTo(attributes);
        var parcel = new MemParcel(handle, caller.Vmid, transType, request.MemType, request.Label, request.Flags, acl, attributes);
        if (_rm.Platform.CreateExtent(out var extent) != GunyahError.Ok) return _rm.Options.Drop == RmDrop.Rm2 ? RmError.RmNoMem : RmError.NoMem;
        parcel.Extent = extent;
        error = _rm.ParcelMemory.Take(parcel, caller, request.Sgl);
        if (error != RmError.Ok)
        {
            _rm.Platform.Drop(ref extent);
            return error;
        }

        _rm.Parcels.Add(parcel);
        reply.Write(handle);
        return RmError.Ok;
    }

    private RmError Append(Vm caller, scoped in MemAppend request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        if (request.Sgl.Count == 0) return RmError.ArgumentInvalid;
        if (_rm.Parcels.Find(request.Handle) is not { } parcel) return RmError.HandleInvalid;
        if (parcel.Owner != caller.Vmid || parcel.State != MemParcelState.Init) return RmError.Denied;
        var error = _rm.ParcelMemory.Take(parcel, caller, request.Sgl);
        if (error == RmError.Ok && (request.Flags & MemAppendFlags.Done) != MemAppendFlags.None) parcel.Complete();
        return error;
    }

    private RmError Reclaim(Vm caller, scoped in MemReclaim request, ref RpcReplyWriter<EmptyPayload> reply)
    {
        if (_rm.Parcels.Find(request.Handle) is not { } parcel) return RmError.HandleInvalid;
        if (parcel.Owner != caller.Vmid) return RmError.Denied;
        if (parcel.State == MemParcelState.Shared) return RmError.MemInUse;
        var sanitize = (request.Flags & MemSanitizeFlags.Sanitize) != MemSanitizeFlags.None;
        if (sanitize && parcel.MemType == MemType.Io) return RmError.ArgumentInvalid;

        if (sanitize || parcel.SanitizeOnReclaim) _rm.ParcelMemory.Zero(parcel);
        _rm.ParcelMemory.GiveBack(parcel, caller);
        var extent = parcel.Extent;
        _rm.Platform.Drop(ref extent);
        parcel.Extent = extent;
        _rm.Parcels.Remove(parcel);
        return RmError.Ok;
    }
}
