using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Transport.Rpc;

/// <content>Typed calls: consoles, for the console's VM (target 0) and its owner (target: the VM). RM: vm_console_simple.c.</content>
public sealed partial class RpcClient
{
    /// <summary>VM_CONSOLE_OPEN: opens the caller's side of a console; again does no harm.</summary>
    /// <remarks>Errors: ARGUMENT_INVALID no console, DENIED neither the VM itself nor its owner. RM: vm_console_simple.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmConsoleOpenAsync(ushort target, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmConsoleOpen, VmConsoleOpen.Write(call.RequestBuffer(VmConsoleOpen.Size), target), ct);
    }

    /// <summary>VM_CONSOLE_CLOSE: closes the caller's side of a console; again does no harm.</summary>
    /// <remarks>Errors: ARGUMENT_INVALID no console, DENIED neither the VM itself nor its owner. RM: vm_console_simple.c.</remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmConsoleCloseAsync(ushort target, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmConsoleClose, VmConsoleClose.Write(call.RequestBuffer(VmConsoleClose.Size), target), ct);
    }

    /// <summary>
    /// VM_CONSOLE_WRITE: text for the other side, which gets VM_CONSOLE_CHARS before the reply; dropped with success when that side is not open.
    /// Text is not split: at most what one request carries.
    /// </summary>
    /// <remarks>
    /// Errors: ARGUMENT_INVALID no console, DENIED neither the VM itself nor its owner, DENIED the caller's side not open, NOMEM. RM:
    /// vm_console_simple.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmConsoleWriteAsync(ushort target, ReadOnlySpan<byte> text, CancellationToken ct = default)
    {
        var size = VmConsoleWrite.SizeOf(text.Length);
        if (IsTooLong(size, text.Length))
            return Refuse<EmptyPayload>(RpcCallStatus.TooBig, ct);
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmConsoleWrite, VmConsoleWrite.Write(call.RequestBuffer(size), target, text), ct);
    }

    /// <summary>VM_CONSOLE_FLUSH: does nothing, and succeeds where writing would.</summary>
    /// <remarks>
    /// Errors: ARGUMENT_INVALID no console, DENIED neither the VM itself nor its owner, DENIED the caller's side not open. RM:
    /// vm_console_simple.c.
    /// </remarks>
    public ValueTask<RpcResult<EmptyPayload>> VmConsoleFlushAsync(ushort target, CancellationToken ct = default)
    {
        var call = NewCall<EmptyPayload>();
        return SendAsync(call, MessageId.VmConsoleFlush, VmConsoleFlush.Write(call.RequestBuffer(VmConsoleFlush.Size), target), ct);
    }
}
