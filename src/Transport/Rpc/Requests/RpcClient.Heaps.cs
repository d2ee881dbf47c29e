using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: heaps of hypervisor (0) and RM (1); newer RM. RM (newer): heap_mgnt.c.</content>
public sealed partial class RpcClient
{
    /// <summary>HEAP_CREATE: a number with a name; no layout is public.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM (newer): heap_mgnt.c.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> HeapCreateAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.HeapCreate, payload, ct);

    /// <summary>HEAP_DELETE: a number with a name; no layout is public.</summary>
    /// <remarks>Every public RM answers UNIMPLEMENTED. RM (newer): heap_mgnt.c.</remarks>
    public ValueTask<RpcResult<OpaquePayload>> HeapDeleteAsync(ReadOnlySpan<byte> payload, CancellationToken ct = default) => RawAsync<OpaquePayload>(MessageId.HeapDelete, payload, ct);

    /// <summary>HEAP_ADD_MEMORY: gives a memparcel, lent to the RM, to a heap.</summary>
    /// <remarks>
    /// Sender: HLOS. Errors: DENIED, HANDLE_INVALID heap or memparcel, BUSY in use, MEM_INVALID regions or size, NOMEM. RM (newer): heap_mgnt.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> HeapAddMemoryAsync(uint heap, uint handle, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.HeapAddMemory, HeapAddMemory.Write(call.RequestBuffer(HeapAddMemory.Size), heap, handle), ct);
    }

    /// <summary>HEAP_REMOVE_MEMORY: takes a memparcel out of a heap.</summary>
    /// <remarks>Sender: HLOS. Errors: DENIED, HANDLE_INVALID, NORESOURCE not in that heap, BUSY in use. RM (newer): heap_mgnt.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> HeapRemoveMemoryAsync(uint heap, uint handle, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.HeapRemoveMemory, HeapRemoveMemory.Write(call.RequestBuffer(HeapRemoveMemory.Size), heap, handle), ct);
    }

    /// <summary>HEAP_QUERY: which memparcels of a heap nothing uses, or how full it is.</summary>
    /// <remarks>Sender: HLOS. Errors: DENIED, ARGUMENT_INVALID kind, HANDLE_INVALID heap. RM (newer): heap_mgnt.c.</remarks>
    public ValueTask<RpcResult<HeapQueryReply>> HeapQueryAsync(uint heap, HeapQueryKind kind, CancellationToken ct = default)
    {
        var call = NewCall<HeapQueryReply>();
        return SendAsync(call, MessageId.HeapQuery, HeapQuery.Write(call.RequestBuffer(HeapQuery.Size), heap, kind), ct);
    }
}
