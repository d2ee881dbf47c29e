using System.Buffers;
using RmStack.Protocol.Hypercalls;
using RmStack.Transport;

namespace RmStack.Hypervisor.Native;

/// <summary>
/// A VM's end of a pair of message queues, by hypercalls and interrupts. The bytes that are sent or received lie in the
/// VM's own RAM, so the hypervisor's copy is the only one (Gunyah API: message queues). HOT.
/// </summary>
public sealed class HypercallMsgQueuePort : IMsgQueuePort, IDisposable
{
    private readonly NativeContext _context;
    private readonly HypercallStubs _stubs;
    private readonly CapId _transmit;
    private readonly CapId _receive;
    private readonly uint _transmitIntid;
    private readonly uint _receiveIntid;
    private readonly VmSlabPool _buffers;
    private Action? _notFull;
    private Action? _notEmpty;
    private bool _keptNotFull;
    private bool _keptNotEmpty;

    /// <summary>Opens the port and enables its interrupts.</summary>
    /// <param name="context">The VM.</param>
    /// <param name="stubs">The calling convention it uses.</param>
    /// <param name="transmit">Capability of the queue that it sends to.</param>
    /// <param name="receive">Capability of the queue that it receives from.</param>
    /// <param name="transmitIntid">INTID of "no longer full".</param>
    /// <param name="receiveIntid">INTID of "no longer empty".</param>
    /// <param name="buffers">Buffers in the VM's RAM.</param>
    public HypercallMsgQueuePort(
        NativeContext context, HypercallStubs stubs, CapId transmit, CapId receive, uint transmitIntid, uint receiveIntid, VmSlabPool buffers)
    {
        ArgumentNullException.ThrowIfNull(context);
        _context = context;
        _stubs = stubs;
        _transmit = transmit;
        _receive = receive;
        _transmitIntid = transmitIntid;
        _receiveIntid = receiveIntid;
        _buffers = buffers;
        context.Interrupts.Enable(transmitIntid, OnTransmitInterrupt);
        context.Interrupts.Enable(receiveIntid, OnReceiveInterrupt);
    }

    /// <inheritdoc/>
    public MemoryPool<byte> Buffers => _buffers;

    /// <inheritdoc/>
    public Action? NotFull
    {
        get => _notFull;
        set
        {
            _notFull = value;
            if (value is null || !_keptNotFull) return;
            _keptNotFull = false;
            value();
        }
    }

    /// <inheritdoc/>
    public Action? NotEmpty
    {
        get => _notEmpty;
        set
        {
            _notEmpty = value;
            if (value is null || !_keptNotEmpty) return;
            _keptNotEmpty = false;
            value();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The message does not lie in <see cref="Buffers"/>.</exception>
    public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        var result = _stubs.MsgQueueSend(_transmit, (ulong)message.Length, AddressOf(message), flags);
        return new MsgQueueSendResult(result.Error, result.NotFull);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The buffer does not lie in <see cref="Buffers"/>.</exception>
    public MsgQueueReceiveResult Receive(Memory<byte> buffer)
    {
        var result = _stubs.MsgQueueReceive(_receive, AddressOf(buffer), (ulong)buffer.Length);
        return new MsgQueueReceiveResult(result.Error, (int)result.Size, result.NotEmpty);
    }

    /// <summary>Disables its interrupts.</summary>
    public void Dispose()
    {
        _context.Interrupts.Disable(_transmitIntid);
        _context.Interrupts.Disable(_receiveIntid);
    }

    private static ulong AddressOf(ReadOnlyMemory<byte> memory) => VmSlabPool.TryGetIpa(memory, out var ipa)
        ? ipa
        : throw new ArgumentException("A hypercall can name only memory of the VM: rent it from the port's Buffers.", nameof(memory));

    private void OnTransmitInterrupt()
    {
        if (_notFull is { } handler) handler();
        else _keptNotFull = true;
    }

    private void OnReceiveInterrupt()
    {
        if (_notEmpty is { } handler) handler();
        else _keptNotEmpty = true;
    }
}
