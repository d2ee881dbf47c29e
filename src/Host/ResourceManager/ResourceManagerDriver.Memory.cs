using System.Buffers;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <content>Memparcels.</content>
public sealed partial class ResourceManagerDriver
{
    /// <summary>MEM_LEND: the memory leaves this VM until it is reclaimed. On success the parcel has its handle.</summary>
    public ValueTask<RmCallStatus> MemLendAsync(MemParcel parcel) => MakeParcelAsync(MessageId.MemLend, parcel);

    /// <summary>MEM_SHARE: the memory stays this VM's as well.</summary>
    public ValueTask<RmCallStatus> MemShareAsync(MemParcel parcel) => MakeParcelAsync(MessageId.MemShare, parcel);

    /// <summary>MEM_RECLAIM: takes a parcel back; its handle is forgotten when that worked.</summary>
    public async ValueTask<RmCallStatus> MemReclaimAsync(MemParcel parcel)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        var request = Rent(sizeof(ulong));
        var status = await CallAsync(MessageId.MemReclaim, request, MemReclaim.Write(request, parcel.Handle, MemSanitizeFlags.None));
        if (status.IsOk) parcel.Handle = MemParcel.InvalidHandle;
        return status;
    }

    private async ValueTask<RmCallStatus> MakeParcelAsync(MessageId id, MemParcel parcel)
    {
        ArgumentNullException.ThrowIfNull(parcel);
        if (parcel.Acl.Length is 0 or > MemParcel.MaxAclEntries || parcel.Entries.Count == 0 || parcel.IsLive) return RmCallStatus.Invalid(id);

        var first = Math.Min(parcel.Entries.Count, RpcLimits.MaxListEntries);
        var status = await CreateAsync(id, parcel, first);
        if (!status.IsOk) return status;
        for (var sent = first; sent < parcel.Entries.Count;)
        {
            var count = Math.Min(parcel.Entries.Count - sent, RpcLimits.MaxListEntries);
            status = await AppendAsync(parcel, sent, count);
            if (!status.IsOk)
            {
                await MemReclaimAsync(parcel);
                parcel.Handle = MemParcel.InvalidHandle;
                return status;
            }

            sent += count;
        }

        return status;
    }

    private async ValueTask<RmCallStatus> CreateAsync(MessageId id, MemParcel parcel, int count)
    {
        var request = Rent(MemLend.SizeOf(parcel.Acl.Length, count, 0));
        var flags = count < parcel.Entries.Count ? MemCreateFlags.Append : MemCreateFlags.None;
        var length = MemLend.Write(request, parcel.Type, flags, parcel.Label, parcel.Acl, Part(parcel, 0, count), []);
        using var result = await _client.CallAsync(id, request.AsMemory(0, length));
        ArrayPool<byte>.Shared.Return(request);
        if (!result.IsOk) return new RmCallStatus(id, result);
        var read = MemHandleReply.TryParse(result.Payload.Span, out var reply);
        if (read != DecodeStatus.Ok) return RmCallStatus.BadReply(id, read);
        parcel.Handle = reply.Handle;
        return new RmCallStatus(id, result);
    }

    private ValueTask<RmCallStatus> AppendAsync(MemParcel parcel, int start, int count)
    {
        var request = Rent(MemAppend.SizeOf(count));
        var flags = start + count == parcel.Entries.Count ? MemAppendFlags.Done : MemAppendFlags.None;
        return CallAsync(MessageId.MemAppend, request, MemAppend.Write(request, parcel.Handle, flags, Part(parcel, start, count)));
    }

    private static SglEntry[] Part(MemParcel parcel, int start, int count)
    {
        var part = new SglEntry[count];
        for (var n = 0; n < count; n++) part[n] = parcel.Entries[start + n];
        return part;
    }
}
