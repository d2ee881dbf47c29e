using System.Buffers;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <content>Lives of VMs.</content>
public sealed partial class ResourceManagerDriver
{
    private const int SmallRequest = 64;

    /// <summary>VM_ALLOCATE.</summary>
    /// <param name="vmid">0 for any; else the platform VMID that is wanted.</param>
    /// <returns>The VMID; 0 when one was asked for, which the reply does not repeat.</returns>
    public async ValueTask<RmCallResult<ushort>> AllocVmidAsync(ushort vmid)
    {
        var request = Rent(SmallRequest);
        var length = VmAllocate.Write(request, vmid);
        using var result = await _client.CallAsync(MessageId.VmAllocate, request.AsMemory(0, length));
        ArrayPool<byte>.Shared.Return(request);
        var status = new RmCallStatus(MessageId.VmAllocate, result);
        if (!status.IsOk || vmid != 0) return new RmCallResult<ushort>(status, 0);

        // Linux would read whatever the pointer holds when the payload is missing.
        var read = VmAllocateReply.TryParse(result.Payload.Span, out var reply);
        if (read == DecodeStatus.Ok && !reply.HasVmid) read = DecodeStatus.TooShort;
        return read == DecodeStatus.Ok
            ? new RmCallResult<ushort>(status, reply.Vmid)
            : new RmCallResult<ushort>(RmCallStatus.BadReply(MessageId.VmAllocate, read), 0);
    }

    /// <summary>VM_DEALLOCATE.</summary>
    public ValueTask<RmCallStatus> DeallocVmidAsync(ushort vmid)
    {
        var request = Rent(SmallRequest);
        return CallAsync(MessageId.VmDeallocate, request, VmDeallocate.Write(request, vmid));
    }

    /// <summary>VM_CONFIG_IMAGE.</summary>
    public ValueTask<RmCallStatus> VmConfigureAsync(
        ushort vmid, AuthMechanism auth, uint handle, ulong imageOffset, ulong imageSize, ulong dtbOffset, ulong dtbSize)
    {
        var request = Rent(SmallRequest);
        var length = VmConfigImage.Write(request, vmid, auth, handle, imageOffset, imageSize, dtbOffset, dtbSize);
        return CallAsync(MessageId.VmConfigImage, request, length);
    }

    /// <summary>VM_INIT.</summary>
    public ValueTask<RmCallStatus> VmInitAsync(ushort vmid)
    {
        var request = Rent(SmallRequest);
        return CallAsync(MessageId.VmInit, request, VmInit.Write(request, vmid));
    }

    /// <summary>VM_START.</summary>
    public ValueTask<RmCallStatus> VmStartAsync(ushort vmid)
    {
        var request = Rent(SmallRequest);
        return CallAsync(MessageId.VmStart, request, VmStart.Write(request, vmid));
    }

    /// <summary>VM_STOP by force.</summary>
    public ValueTask<RmCallStatus> VmStopAsync(ushort vmid)
    {
        var request = Rent(SmallRequest);
        return CallAsync(MessageId.VmStop, request, VmStop.Write(request, vmid, VmStopFlags.Force, StopReason.ForceStop));
    }

    /// <summary>VM_RESET.</summary>
    public ValueTask<RmCallStatus> VmResetAsync(ushort vmid)
    {
        var request = Rent(SmallRequest);
        return CallAsync(MessageId.VmReset, request, VmReset.Write(request, vmid));
    }

    /// <summary>VM_GET_HYP_RESOURCES.</summary>
    public async ValueTask<RmCallResult<HypResource[]>> GetHypResourcesAsync(ushort vmid)
    {
        var request = Rent(SmallRequest);
        var length = VmGetHypResources.Write(request, vmid);
        using var result = await _client.CallAsync(MessageId.VmGetHypResources, request.AsMemory(0, length));
        ArrayPool<byte>.Shared.Return(request);
        var status = new RmCallStatus(MessageId.VmGetHypResources, result);
        if (!status.IsOk) return new RmCallResult<HypResource[]>(status, []);
        var read = VmGetHypResourcesReply.TryParse(result.Payload.Span, out var reply);
        if (read != DecodeStatus.Ok) return new RmCallResult<HypResource[]>(RmCallStatus.BadReply(MessageId.VmGetHypResources, read), []);
        var entries = new HypResource[reply.Resources.Count];
        reply.Resources.CopyTo(entries);
        return new RmCallResult<HypResource[]>(status, entries);
    }

    /// <summary>VM_GET_VMID: this VM's own; asked once.</summary>
    public async ValueTask<RmCallResult<ushort>> GetVmidAsync()
    {
        if (_ownVmid is { } known) return new RmCallResult<ushort>(RmCallStatus.Known(MessageId.VmGetVmid), known);
        using var result = await _client.CallAsync(MessageId.VmGetVmid, ReadOnlyMemory<byte>.Empty);
        var status = new RmCallStatus(MessageId.VmGetVmid, result);
        if (!status.IsOk) return new RmCallResult<ushort>(status, 0);
        var read = VmidReply.TryParse(result.Payload.Span, out var reply);
        if (read != DecodeStatus.Ok) return new RmCallResult<ushort>(RmCallStatus.BadReply(MessageId.VmGetVmid, read), 0);
        _ownVmid = reply.Vmid;
        return new RmCallResult<ushort>(status, reply.Vmid);
    }
}
