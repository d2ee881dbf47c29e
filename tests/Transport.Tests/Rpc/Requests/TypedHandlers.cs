using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Requests;

/// <summary>A typed handler for every request: it tells what it was asked, and answers with given bytes.</summary>
internal sealed class TypedHandlers
{
    private readonly Dictionary<MessageId, Action<RpcHandlerGroup<ushort>>> _adders = [];
    private readonly Func<MessageId, byte[]> _replies;

    public TypedHandlers(Func<MessageId, byte[]> replies)
    {
        _replies = replies;
        Add<VmAllocate, VmAllocateReply>(MessageId.VmAllocate);
        Add<VmDeallocate, EmptyPayload>(MessageId.VmDeallocate);
        Add<VmConfigImage, EmptyPayload>(MessageId.VmConfigImage);
        Add<VmAuthImage, EmptyPayload>(MessageId.VmAuthImage);
        Add<VmInit, EmptyPayload>(MessageId.VmInit);
        Add<VmStart, EmptyPayload>(MessageId.VmStart);
        Add<VmStop, EmptyPayload>(MessageId.VmStop);
        Add<VmReset, EmptyPayload>(MessageId.VmReset);
        Add<OpaquePayload, OpaquePayload>(MessageId.VmSuspend, MessageId.VmResume, MessageId.VmGetHypCapids, MessageId.VmGetHypIrqs, MessageId.IpaUnreserve, MessageId.VmIrqUnmap);
        Add<OpaquePayload, OpaquePayload>(MessageId.HeapCreate, MessageId.HeapDelete, MessageId.GetIdent, MessageId.GetFeatures, MessageId.GetLogAddress);
        Add<VmExit, EmptyPayload>(MessageId.VmExit);
        Add<VmGetId, VmGetIdReply>(MessageId.VmGetId);
        Add<VmLookupName, VmListReply>(MessageId.VmLookupName, MessageId.VmLookupUri);
        Add<VmLookupGuid, VmListReply>(MessageId.VmLookupGuid);
        Add<EmptyPayload, VmidReply>(MessageId.VmGetOwner, MessageId.VmGetVmid);
        Add<VmGetState, VmGetStateReply>(MessageId.VmGetState);
        Add<VmGetCrashMsg, VmCrashMsg>(MessageId.VmGetCrashMsg);
        Add<VmGetHypResources, VmGetHypResourcesReply>(MessageId.VmGetHypResources);
        Add<EmptyPayload, VmListReply>(MessageId.VmGetPeers);
        Add<VmSetStatus, EmptyPayload>(MessageId.VmSetStatus);
        Add<VmCrashMsg, EmptyPayload>(MessageId.VmSetCrashMsg);
        Add<EmptyPayload, VmHostGetTypeReply>(MessageId.VmHostGetType);
        Add<MemLend, MemHandleReply>(MessageId.MemDonate, MessageId.MemLend, MessageId.MemShare);
        Add<MemAccept, MemAcceptReply>(MessageId.MemAccept);
        Add<MemRelease, EmptyPayload>(MessageId.MemRelease);
        Add<MemReclaim, EmptyPayload>(MessageId.MemReclaim);
        Add<MemNotify, EmptyPayload>(MessageId.MemNotify);
        Add<MemAppend, EmptyPayload>(MessageId.MemAppend);
        Add<MemQcomLookupSgl, MemHandleReply>(MessageId.MemQcomLookupSgl);
        Add<EmptyPayload, EmptyPayload>(MessageId.FwMilestone);
        Add<FwSetVmFirmware, EmptyPayload>(MessageId.FwSetVmFirmware);
        Add<VmSetBootContext, EmptyPayload>(MessageId.VmSetBootContext, MessageId.VmSetBootContextV15);
        Add<VmSetTimeBase, EmptyPayload>(MessageId.VmSetTimeBase);
        Add<VmSetFirmwareMem, EmptyPayload>(MessageId.VmSetFirmwareMem);
        Add<VmSetDemandPaging, EmptyPayload>(MessageId.VmSetDemandPaging);
        Add<VmSetAddressLayout, EmptyPayload>(MessageId.VmSetAddressLayout);
        Add<VmSetDebug, EmptyPayload>(MessageId.VmSetDebug);
        Add<IpaReserve, IpaReserveReply>(MessageId.IpaReserve);
        Add<VmIrqAccept, VmIrqAcceptReply>(MessageId.VmIrqAccept);
        Add<VmIrqLend, VmIrqHandleReply>(MessageId.VmIrqLend);
        Add<VmIrqRelease, EmptyPayload>(MessageId.VmIrqRelease);
        Add<VmIrqReclaim, EmptyPayload>(MessageId.VmIrqReclaim);
        Add<VmIrqNotify, EmptyPayload>(MessageId.VmIrqNotify);
        Add<VmConsoleOpen, EmptyPayload>(MessageId.VmConsoleOpen);
        Add<VmConsoleClose, EmptyPayload>(MessageId.VmConsoleClose);
        Add<VmConsoleWrite, EmptyPayload>(MessageId.VmConsoleWrite);
        Add<VmConsoleFlush, EmptyPayload>(MessageId.VmConsoleFlush);
        Add<HeapAddMemory, EmptyPayload>(MessageId.HeapAddMemory);
        Add<HeapRemoveMemory, EmptyPayload>(MessageId.HeapRemoveMemory);
        Add<HeapQuery, HeapQueryReply>(MessageId.HeapQuery);
        Add<DeviceAccept, EmptyPayload>(MessageId.DeviceAccept);
        Add<DeviceLend, EmptyPayload>(MessageId.DeviceLend);
        Add<DeviceRelease, EmptyPayload>(MessageId.DeviceRelease);
        Add<DeviceReclaim, EmptyPayload>(MessageId.DeviceReclaim);
        Add<DeviceNotify, EmptyPayload>(MessageId.DeviceNotify);
        Add<DeviceFindHandle, DeviceHandleReply>(MessageId.DeviceFindHandle);
        Add<DeviceGetResources, DeviceResourcesReply>(MessageId.DeviceGetResources);
        Add<DeviceBus, EmptyPayload>(MessageId.DeviceBusLockdown, MessageId.DeviceBusUnlock);
        Add<DeviceDonate, EmptyPayload>(MessageId.DeviceDonate);
        Add<GetLog, GetLogReply>(MessageId.GetLog);
        Add<MinidumpGetInfo, MinidumpSlotReply>(MessageId.MinidumpGetInfo);
        Add<MinidumpRegisterRange, MinidumpSlotReply>(MessageId.MinidumpRegisterRange);
        Add<MinidumpDeregisterSlot, EmptyPayload>(MessageId.MinidumpDeregisterSlot);
        Add<MinidumpGetSlotNumber, MinidumpSlotReply>(MessageId.MinidumpGetSlotNumber);
    }

    public IReadOnlyCollection<MessageId> Messages => _adders.Keys;

    /// <summary>Who asked for what, with its fields; null to keep nothing.</summary>
    public List<(ushort Caller, MessageId Id, string Fields)>? Asked { get; set; } = [];

    /// <summary>A group of those that are wanted.</summary>
    public RpcHandlerGroup<ushort> Group(Func<MessageId, bool> wanted)
    {
        var group = new RpcHandlerGroup<ushort>();
        foreach (var (_, add) in _adders.Where(pair => wanted(pair.Key)))
            add(group);
        return group;
    }

    private void Add<TRequest, TReply>(params ReadOnlySpan<MessageId> ids)
        where TRequest : IMessageView<TRequest>, allows ref struct
        where TReply : IMessageView<TReply>, allows ref struct
    {
        foreach (var id in ids)
        {
            _adders.Add(id, group => group.Add<TRequest, TReply>(id, (caller, scoped in request, ref reply) =>
            {
                if (Asked is not null)
                {
                    var fields = new FieldRecorder();
                    request.Describe(fields);
                    Asked.Add((caller, id, FieldValues.From(fields.Fields).ToString()));
                }

                var payload = _replies(id);
                payload.CopyTo(reply.Buffer);
                reply.Length = payload.Length;
                return RmError.Ok;
            }));
        }
    }
}
