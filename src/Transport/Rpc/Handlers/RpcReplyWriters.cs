using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>Writes each kind of reply with the arguments of its view's writer; see there.</summary>
public static class RpcReplyWriters
{
    /// <summary>The VMID that the RM chose; nothing is written for one of the caller's choice.</summary>
    public static void Write(this ref RpcReplyWriter<VmAllocateReply> reply, ushort vmid) => reply.Length = VmAllocateReply.Write(reply.Buffer, vmid);

    /// <summary>One VMID.</summary>
    public static void Write(this ref RpcReplyWriter<VmidReply> reply, ushort vmid) => reply.Length = VmidReply.Write(reply.Buffer, vmid);

    /// <summary>VMIDs.</summary>
    public static void Write(this ref RpcReplyWriter<VmListReply> reply, scoped ReadOnlySpan<VmidEntry> vmids) => reply.Length = VmListReply.Write(reply.Buffer, vmids);

    /// <summary>State of a VM and of its operating system.</summary>
    public static void Write(this ref RpcReplyWriter<VmGetStateReply> reply, VmState state, OsState osState, ushort appStatus) =>
        reply.Length = VmGetStateReply.Write(reply.Buffer, state, osState, appStatus);

    /// <summary>What the host is.</summary>
    public static void Write(this ref RpcReplyWriter<VmHostGetTypeReply> reply, byte architecture, byte hypervisor, byte version) =>
        reply.Length = VmHostGetTypeReply.Write(reply.Buffer, architecture, hypervisor, version);

    /// <summary>A crash message.</summary>
    public static void Write(this ref RpcReplyWriter<VmCrashMsg> reply, scoped ReadOnlySpan<byte> text) => reply.Length = VmCrashMsg.Write(reply.Buffer, text);

    /// <summary>Resources; where they are found one by one, <see cref="VmGetHypResourcesReply.Writer"/> over <see cref="RpcReplyWriter{TReply}.Buffer"/>.</summary>
    public static void Write(this ref RpcReplyWriter<VmGetHypResourcesReply> reply, scoped ReadOnlySpan<HypResource> resources) =>
        reply.Length = VmGetHypResourcesReply.Write(reply.Buffer, resources);

    /// <summary>A memparcel.</summary>
    public static void Write(this ref RpcReplyWriter<MemHandleReply> reply, uint handle) => reply.Length = MemHandleReply.Write(reply.Buffer, handle);

    /// <summary>Addresses that the RM chose; nothing is written where the request gave them.</summary>
    public static void Write(this ref RpcReplyWriter<MemAcceptReply> reply, MemAcceptReplyFlags flags, scoped ReadOnlySpan<SglEntry> sgl) =>
        reply.Length = MemAcceptReply.Write(reply.Buffer, flags, sgl);

    /// <summary>Addresses for an allocate list; nothing is written for a fixed one.</summary>
    public static void Write(this ref RpcReplyWriter<IpaReserveReply> reply, scoped ReadOnlySpan<AddressEntry> addresses) =>
        reply.Length = IpaReserveReply.Write(reply.Buffer, addresses);

    /// <summary>Handle of a lent interrupt.</summary>
    public static void Write(this ref RpcReplyWriter<VmIrqHandleReply> reply, uint handle) => reply.Length = VmIrqHandleReply.Write(reply.Buffer, handle);

    /// <summary>Number of an accepted interrupt.</summary>
    public static void Write(this ref RpcReplyWriter<VmIrqAcceptReply> reply, uint virq) => reply.Length = VmIrqAcceptReply.Write(reply.Buffer, virq);

    /// <summary>Memparcels of a heap that nothing uses.</summary>
    public static void Write(this ref RpcReplyWriter<HeapQueryReply> reply, scoped ReadOnlySpan<WordEntry> freeParts) =>
        reply.Length = HeapQueryReply.Write(reply.Buffer, freeParts);

    /// <summary>How full a heap is, bytes.</summary>
    public static void Write(this ref RpcReplyWriter<HeapQueryReply> reply, ulong total, ulong allocated, ulong reserved, ulong largestFree) =>
        reply.Length = HeapQueryReply.Write(reply.Buffer, total, allocated, reserved, largestFree);

    /// <summary>A device.</summary>
    public static void Write(this ref RpcReplyWriter<DeviceHandleReply> reply, uint device) => reply.Length = DeviceHandleReply.Write(reply.Buffer, device);

    /// <summary>What a device has.</summary>
    public static void Write(this ref RpcReplyWriter<DeviceResourcesReply> reply, scoped ReadOnlySpan<DeviceResource> resources) =>
        reply.Length = DeviceResourcesReply.Write(reply.Buffer, resources);

    /// <summary>Where a log is, and its size in bytes.</summary>
    public static void Write(this ref RpcReplyWriter<GetLogReply> reply, ulong address, ulong logSize) => reply.Length = GetLogReply.Write(reply.Buffer, address, logSize);

    /// <summary>A slot, or a number of slots.</summary>
    public static void Write(this ref RpcReplyWriter<MinidumpSlotReply> reply, ushort slot) => reply.Length = MinidumpSlotReply.Write(reply.Buffer, slot);

    /// <summary>Entries one by one: <c>var ids = reply.Entries(2); ids.Add(...); reply.End(ids)</c>.</summary>
    public static VmGetIdReply.Writer Entries(this ref RpcReplyWriter<VmGetIdReply> reply, int count) => new(reply.Buffer, count);

    /// <summary>Ends what <see cref="Entries"/> began.</summary>
    public static void End(this ref RpcReplyWriter<VmGetIdReply> reply, scoped VmGetIdReply.Writer entries) => reply.Length = entries.End();

    /// <summary>Bytes, where no layout is public.</summary>
    public static void Write(this ref RpcReplyWriter<OpaquePayload> reply, scoped ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(reply.Buffer);
        reply.Length = payload.Length;
    }

    /// <summary>Reads the request with a view; any status but Ok is for <see cref="RmErrors.FromDecodeStatus"/>.</summary>
    public static DecodeStatus TryRead<TView>(this in RpcRequest request, out TView view)
        where TView : IMessageView<TView>, allows ref struct
    {
        var reader = new PayloadReader(request.Payload);
        return TView.TryRead(ref reader, out view);
    }
}
