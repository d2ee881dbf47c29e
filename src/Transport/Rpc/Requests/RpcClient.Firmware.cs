using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: firmware for protected VMs, which the boot loader gives. RM: vm_firmware.c.</content>
public sealed partial class RpcClient
{
    /// <summary>FW_MILESTONE: the boot loader is done; from now on the RM takes no firmware.</summary>
    /// <remarks>Sender: HLOS. Errors: DENIED for others and for the second time. RM: vm_firmware.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> FwMilestoneAsync(CancellationToken ct = default) => SendAsync(NewCall<EmptyPayload>(), MessageId.FwMilestone, 0, ct);

    /// <summary>FW_SET_VM_FIRMWARE: gives the RM firmware in a memparcel that was donated to it; 24 bytes, which both drops take.</summary>
    /// <remarks>
    /// Sender: HLOS, before FW_MILESTONE. Errors: DENIED, ARGUMENT_INVALID mechanism or range, BUSY set before, HANDLE_INVALID, those of
    /// MEM_ACCEPT. RM: vm_firmware.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> FwSetVmFirmwareAsync(
        AuthMechanism auth,
        uint handle,
        ulong offset,
        ulong firmwareSize,
        CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.FwSetVmFirmware, FwSetVmFirmware.Write(call.RequestBuffer(FwSetVmFirmware.SizeRm1), auth, handle, offset, firmwareSize), ct);
    }

    /// <summary>FW_SET_VM_FIRMWARE in the newer form of 40 bytes, with flags and the configuration's place.</summary>
    /// <remarks>As the shorter form; UNIMPLEMENTED for unknown flags, and MSG_INVALID from the 12/2023 drop. RM (newer): vm_firmware.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> FwSetVmFirmwareAsync(
        AuthMechanism auth,
        FirmwareFlags flags,
        uint handle,
        ulong offset,
        ulong firmwareSize,
        ulong configOffset,
        ulong configSize,
        CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.FwSetVmFirmware, FwSetVmFirmware.Write(call.RequestBuffer(FwSetVmFirmware.MaxSize), auth, flags, handle, offset, firmwareSize, configOffset, configSize), ct);
    }
}
