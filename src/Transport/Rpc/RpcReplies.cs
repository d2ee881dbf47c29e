using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <summary>What clients make of a success reply whose payload is not what it should be.</summary>
/// <remarks>
/// A payload where none belongs: Linux frees it unseen (v1 to v17), so the call succeeded, and <see cref="RpcResult{TView}.IsOk"/> is all there is to look at. The downstream
/// driver takes it for -EINVAL, and so do Android's gunyah_ kernels for VM_AUTH_IMAGE. A payload that is missing or short: Linux reads a
/// pointer that was never set (VM_ALLOCATE, MEM_LEND, MEM_SHARE, VM_GET_VMID), which no errno stands for, and checks only VM_GET_HYP_RESOURCES
/// (-EBADMSG, downstream -EINVAL); here reading says so, and the same errno stands for all.
/// </remarks>
public static class RpcReplies
{
    /// <summary>Whether a success reply that should have no payload has one.</summary>
    public static bool HasUnexpectedPayload(this RpcResult<EmptyPayload> result) => result.IsOk && !result.Payload.IsEmpty;

    /// <summary>What a caller within that driver gets: 0, a negative errno, or (EarlyLinux) the RM's positive code.</summary>
    public static long ToErrno<TView>(this RpcResult<TView> result, LinuxErrnoProfile driver)
        where TView : IMessageView<TView>, allows ref struct
    {
        if (result.Status == RpcCallStatus.RmError)
            return RmErrors.ToErrno(result.Error, driver);
        if (!result.IsOk || result.TryRead(out _) == DecodeStatus.Ok)
            return result.ToErrno();
        if (driver == LinuxErrnoProfile.Downstream)
            return -LinuxErrno.EINVAL;
        return typeof(TView) == typeof(EmptyPayload) ? 0 : -LinuxErrno.EBADMSG;
    }
}
