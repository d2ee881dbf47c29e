using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: device lending; newer RM, build option. RM (newer): device_manager.c.</content>
public sealed partial class RpcClient
{
    /// <summary>DEVICE_ACCEPT: takes an offered device.</summary>
    /// <remarks>
    /// Sender: borrower. Errors: HANDLE_INVALID no such device, ARGUMENT_INVALID flags, DENIED not offered to the caller or attached already,
    /// IRQ_INVALID, MAP_FAILED, HYP_NOMEM. RM (newer): device_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceAcceptAsync(uint device, DeviceAcceptFlags flags, uint bus, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceAccept, DeviceAccept.Write(call.RequestBuffer(DeviceAccept.Size), device, flags, bus), ct);
    }

    /// <summary>DEVICE_LEND: offers a device for a time.</summary>
    /// <remarks>
    /// Sender: owner. Errors: HANDLE_INVALID no such device, ARGUMENT_INVALID flags, VMID_INVALID, DENIED not the owner or not idle. RM (newer):
    /// device_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceLendAsync(ushort vmid, DeviceFlags flags, uint device, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceLend, DeviceLend.Write(call.RequestBuffer(DeviceLend.Size), vmid, flags, device), ct);
    }

    /// <summary>DEVICE_RELEASE: the borrower gives a device back.</summary>
    /// <remarks>
    /// Sender: borrower. Errors: HANDLE_INVALID no such device, ARGUMENT_INVALID flags, DENIED not the borrower, or not accepted. RM (newer):
    /// device_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceReleaseAsync(uint device, DeviceFlags flags, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceRelease, DeviceRelease.Write(call.RequestBuffer(DeviceRelease.Size), device, flags), ct);
    }

    /// <summary>DEVICE_RECLAIM: the owner takes a released device back.</summary>
    /// <remarks>
    /// Sender: owner. Errors: HANDLE_INVALID no such device, ARGUMENT_INVALID flags, DENIED not the owner, accepted or idle. RM (newer):
    /// device_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceReclaimAsync(uint device, DeviceFlags flags, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceReclaim, DeviceReclaim.Write(call.RequestBuffer(DeviceReclaim.Size), device, flags), ct);
    }

    /// <summary>
    /// DEVICE_NOTIFY: tells the other side of a device something, before the reply. Exactly one flag; VMID 0 with Released and Accepted.
    /// </summary>
    /// <remarks>
    /// Sender: owner or borrower. Errors: HANDLE_INVALID no such device, ARGUMENT_INVALID flags or VM, MSG_INVALID not exactly one flag, DENIED
    /// role or state. RM (newer): device_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceNotifyAsync(uint device, DeviceNotifyFlags flags, ushort vmid, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceNotify, DeviceNotify.Write(call.RequestBuffer(DeviceNotify.MinSize), device, flags, vmid), ct);
    }

    /// <summary>DEVICE_FIND_HANDLE: which device has a resource.</summary>
    /// <remarks>Sender: owner or borrower. Errors: ARGUMENT_INVALID type, DENIED neither, LOOKUP_FAILED. RM (newer): device_manager.c.</remarks>
    public ValueTask<RpcResult<DeviceHandleReply>> DeviceFindHandleAsync(
        DeviceResourceType type,
        uint data0,
        uint data1,
        uint data2,
        CancellationToken ct = default)
    {
        var call = NewCall<DeviceHandleReply>();
        return SendAsync(call, MessageId.DeviceFindHandle, DeviceFindHandle.Write(call.RequestBuffer(DeviceFindHandle.Size), type, data0, data1, data2), ct);
    }

    /// <summary>DEVICE_GET_RESOURCES: what a device has.</summary>
    /// <remarks>
    /// Sender: owner. Errors: HANDLE_INVALID no such device, ARGUMENT_INVALID flags, DENIED not the owner, NOMEM. RM (newer): device_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<DeviceResourcesReply>> DeviceGetResourcesAsync(uint device, DeviceResourceFlags flags, CancellationToken ct = default)
    {
        var call = NewCall<DeviceResourcesReply>();
        return SendAsync(call, MessageId.DeviceGetResources, DeviceGetResources.Write(call.RequestBuffer(DeviceGetResources.Size), device, flags), ct);
    }

    /// <summary>DEVICE_BUS_LOCKDOWN: looks through a PCIe bus.</summary>
    /// <remarks>Sender: HLOS. Errors: HANDLE_INVALID. RM (newer): device_manager.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceBusLockdownAsync(uint bus, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceBusLockdown, DeviceBus.Write(call.RequestBuffer(DeviceBus.Size), bus), ct);
    }

    /// <summary>DEVICE_BUS_UNLOCK: the other direction.</summary>
    /// <remarks>Sender: HLOS. Errors: HANDLE_INVALID, then UNIMPLEMENTED. RM (newer): device_manager.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceBusUnlockAsync(uint bus, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceBusUnlock, DeviceBus.Write(call.RequestBuffer(DeviceBus.Size), bus), ct);
    }

    /// <summary>DEVICE_DONATE: offers a device for good.</summary>
    /// <remarks>
    /// Sender: owner. Errors: HANDLE_INVALID no such device, ARGUMENT_INVALID flags, VMID_INVALID, DENIED not the owner or not idle. RM (newer):
    /// device_manager.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> DeviceDonateAsync(ushort vmid, DeviceFlags flags, uint device, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.DeviceDonate, DeviceDonate.Write(call.RequestBuffer(DeviceDonate.Size), vmid, flags, device), ct);
    }
}
