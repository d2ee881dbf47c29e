using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: logs and dumps. RM (newer): log.c; downstream driver: gh_rm_core.c.</content>
public sealed partial class RpcClient
{
    /// <summary>GET_IDENT: a number with a name; no layout is public.</summary>
    /// <remarks>No public RM knows the number. Downstream driver: gh_rm_drv_private.h.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> GetIdentAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.GetIdent, payload, ct);

    /// <summary>GET_FEATURES: a number with a name; no layout is public.</summary>
    /// <remarks>No public RM knows the number. Downstream driver: gh_rm_drv_private.h.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> GetFeaturesAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.GetFeatures, payload, ct);

    /// <summary>GET_LOG: where a log is; 0 is the RM's.</summary>
    /// <remarks>
    /// Sender: HLOS. Errors: ARGUMENT_INVALID another log, DENIED. RM (newer): log.c, which answers an error twice: the second reply counts as
    /// unexpected.
    /// </remarks>
    public ValueTask<RpcResult<GetLogReply>> GetLogAsync(ushort logId, CancellationToken ct = default)
    {
        var call = NewCall<GetLogReply>();
        return SendAsync(call, MessageId.GetLog, GetLog.Write(call.RequestBuffer(GetLog.Size), logId), ct);
    }

    /// <summary>GET_LOG_ADDRESS: a number with a name; no layout is public.</summary>
    /// <remarks>No public RM knows the number, and Linux v15, which names it, never sends it.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> GetLogAddressAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.GetLogAddress, payload, ct);

    /// <summary>MINIDUMP_GET_INFO: how many slots are free.</summary>
    /// <remarks>Sender: HLOS; in no public RM. Downstream driver: gh_rm_core.c.</remarks>
    public ValueTask<RpcResult<MinidumpSlotReply>> MinidumpGetInfoAsync(CancellationToken ct = default)
    {
        var call = NewCall<MinidumpSlotReply>();
        return SendAsync(call, MessageId.MinidumpGetInfo, MinidumpGetInfo.Write(call.RequestBuffer(MinidumpGetInfo.Size)), ct);
    }

    /// <summary>
    /// MINIDUMP_REGISTER_RANGE: a range of the caller's memory, under a name of at most 255 bytes, for dumps; the reply has its slot.
    /// </summary>
    /// <remarks>Sender: HLOS; in no public RM. Downstream driver: gh_rm_core.c, whose wrong name offset is sent as well.</remarks>
    public ValueTask<RpcResult<MinidumpSlotReply>> MinidumpRegisterRangeAsync(
        ulong @base,
        ulong rangeSize,
        ReadOnlySpan<byte> name,
        CancellationToken ct = default)
    {
        // The wire has a byte for the name's length.
        if (name.Length > byte.MaxValue)
            return Refuse<MinidumpSlotReply>(RpcCallStatus.InvalidArgument, ct);
        var call = NewCall<MinidumpSlotReply>();
        return SendAsync(call, MessageId.MinidumpRegisterRange, MinidumpRegisterRange.Write(call.RequestBuffer(MinidumpRegisterRange.FixedSize + name.Length), @base, rangeSize, name), ct);
    }

    /// <summary>MINIDUMP_DEREGISTER_SLOT: the range of a slot is no longer for dumps.</summary>
    /// <remarks>Sender: HLOS; in no public RM. Downstream driver: gh_rm_core.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> MinidumpDeregisterSlotAsync(ushort slot, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.MinidumpDeregisterSlot, MinidumpDeregisterSlot.Write(call.RequestBuffer(MinidumpDeregisterSlot.Size), slot), ct);
    }

    /// <summary>MINIDUMP_GET_SLOT_NUMBER: which slot, from one on, has a range of this name (at most 255 bytes).</summary>
    /// <remarks>Sender: HLOS; in no public RM. Downstream driver: gh_rm_core.c.</remarks>
    public ValueTask<RpcResult<MinidumpSlotReply>> MinidumpGetSlotNumberAsync(ushort firstSlot, ReadOnlySpan<byte> name, CancellationToken ct = default)
    {
        // The wire has a byte for the name's length.
        if (name.Length > byte.MaxValue)
            return Refuse<MinidumpSlotReply>(RpcCallStatus.InvalidArgument, ct);
        var call = NewCall<MinidumpSlotReply>();
        return SendAsync(call, MessageId.MinidumpGetSlotNumber, MinidumpGetSlotNumber.Write(call.RequestBuffer(MinidumpGetSlotNumber.FixedSize + name.Length), firstSlot, name), ct);
    }
}
