using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports;

/// <summary>How a loopback queue is made.</summary>
public sealed record LoopbackQueueOptions
{
    /// <summary>Messages the queue holds, 1 to 255.</summary>
    public int Depth { get; init; } = RpcLimits.QueueDepth;

    /// <summary>Largest message, 1 to 1023 bytes.</summary>
    public int MaxMessageSize { get; init; } = RpcLimits.PacketSize;

    /// <summary>
    /// True: a bad size is answered as the API documents it. False: as hypervisor 23.12 does, which loses the copy's result and answers Ok
    /// with nothing transferred.
    /// </summary>
    public bool StrictErrors { get; init; } = true;
}

/// <summary>
/// A message queue with the hypercalls' behaviour: bounded, message boundaries kept, interrupts at exact thresholds.
/// Gunyah: msgqueue.c, msgqueue_common.c.
/// </summary>
public sealed class LoopbackQueue
{
    /// <summary>Threshold argument that leaves the threshold as it is.</summary>
    public const uint ThresholdUnchanged = 0xFFFF_FFFF;

    /// <summary>Receive threshold argument that means the queue's depth.</summary>
    public const uint ThresholdDepth = 0xFFFF_FFFE;

    private const int MaxDepth = 255;
    private const int MaxSize = 1023;
    private readonly BriefLock _gate = new();
    private readonly LoopbackQueueOptions _options;
    private readonly byte[] _bytes;
    private readonly int[] _sizes;
    private readonly int _depth;
    private readonly int _maxSize;
    private int _head;
    private int _tail;
    private int _count;
    private int _notFullThreshold;
    private int _notEmptyThreshold = 1;

    /// <summary>
    /// An empty queue. The sender's interrupt goes to <paramref name="senderContext"/>, the receiver's to
    /// <paramref name="receiverContext"/>; null means the thread pool.
    /// </summary>
    public LoopbackQueue(LoopbackQueueOptions? options = null, SynchronizationContext? senderContext = null, SynchronizationContext? receiverContext = null)
    {
        _options = options ?? new LoopbackQueueOptions();
        ArgumentOutOfRangeException.ThrowIfNotEqual(_options.Depth is > 0 and <= MaxDepth, true, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNotEqual(_options.MaxMessageSize is > 0 and <= MaxSize, true, nameof(options));
        _depth = _options.Depth;
        _maxSize = _options.MaxMessageSize;
        _bytes = new byte[_depth * _maxSize];
        _sizes = new int[_depth];
        _notFullThreshold = _depth - 1;
        SendVirq = new LoopbackVirq(senderContext);
        ReceiveVirq = new LoopbackVirq(receiverContext);
    }

    /// <summary>The sender's interrupt: not full.</summary>
    public LoopbackVirq SendVirq { get; }

    /// <summary>The receiver's interrupt: not empty.</summary>
    public LoopbackVirq ReceiveVirq { get; }

    /// <summary>Messages in the queue.</summary>
    public int Count
    {
        get
        {
            using (_gate.Hold())
                return _count;
        }
    }

    /// <summary>msgqueue_send. Full is checked before anything about the message.</summary>
    public MsgQueueSendResult Send(ReadOnlySpan<byte> message, MsgQueueFlags flags)
    {
        bool deliver, notFull;
        using (_gate.Hold())
        {
            if (_count == _depth)
                return new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false);
            if (message.IsEmpty || message.Length > _maxSize)
                return _options.StrictErrors ? new MsgQueueSendResult(GunyahError.ArgumentSize, NotFull: false) : new MsgQueueSendResult(GunyahError.Ok, NotFull: true);
            message.CopyTo(_bytes.AsSpan(_tail * _maxSize));
            _sizes[_tail] = message.Length;
            if (++_tail == _depth)
                _tail = 0;
            _count++;
            notFull = _count != _depth;
            // Recorded under the lock, as on the hypervisor; only delivery happens elsewhere.
            deliver = ((flags & MsgQueueFlags.Push) != MsgQueueFlags.None || _count == _notEmptyThreshold) && ReceiveVirq.Record();
        }

        if (deliver)
            ReceiveVirq.Schedule();
        return new MsgQueueSendResult(GunyahError.Ok, notFull);
    }

    /// <summary>msgqueue_receive. A message that does not fit stays where it is.</summary>
    public MsgQueueReceiveResult Receive(Span<byte> buffer)
    {
        bool deliver, notEmpty;
        int size;
        using (_gate.Hold())
        {
            if (_count == 0)
                return new MsgQueueReceiveResult(GunyahError.MsgQueueEmpty, 0, NotEmpty: false);
            size = _sizes[_head];
            if (size > buffer.Length)
                return _options.StrictErrors ? new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false) : new MsgQueueReceiveResult(GunyahError.Ok, 0, NotEmpty: true);
            _bytes.AsSpan(_head * _maxSize, size).CopyTo(buffer);
            if (++_head == _depth)
                _head = 0;
            _count--;
            notEmpty = _count != 0;
            deliver = _count == _notFullThreshold && SendVirq.Record();
        }

        if (deliver)
            SendVirq.Schedule();
        return new MsgQueueReceiveResult(GunyahError.Ok, size, notEmpty);
    }

    /// <summary>msgqueue_flush: everything in the queue is gone and, if that was something, the sender is told.</summary>
    public void Flush()
    {
        bool deliver;
        using (_gate.Hold())
        {
            if (_count == 0)
                return;
            Array.Clear(_bytes);
            (_head, _tail, _count) = (0, 0, 0);
            deliver = SendVirq.Record();
        }

        if (deliver)
            SendVirq.Schedule();
    }

    /// <summary>msgqueue_configure_send. The delay must be "unchanged"; the hypervisor implements no hold-off.</summary>
    public GunyahError ConfigureSend(uint notFullThreshold, uint delay = ThresholdUnchanged)
    {
        if (delay != ThresholdUnchanged)
            return GunyahError.Unimplemented;
        if (notFullThreshold == ThresholdUnchanged)
            return GunyahError.Ok;
        if (notFullThreshold >= (uint)_depth)
            return GunyahError.ArgumentInvalid;
        bool deliver;
        using (_gate.Hold())
        {
            _notFullThreshold = (int)notFullThreshold;
            deliver = _count <= _notFullThreshold && SendVirq.Record();
        }

        if (deliver)
            SendVirq.Schedule();
        return GunyahError.Ok;
    }

    /// <summary>msgqueue_configure_receive. The delay must be "unchanged"; the hypervisor implements no hold-off.</summary>
    public GunyahError ConfigureReceive(uint notEmptyThreshold, uint delay = ThresholdUnchanged)
    {
        if (delay != ThresholdUnchanged)
            return GunyahError.Unimplemented;
        if (notEmptyThreshold == ThresholdUnchanged)
            return GunyahError.Ok;
        // Set to the depth by its special value, the threshold is not looked at again.
        var looksAgain = notEmptyThreshold != ThresholdDepth;
        if (!looksAgain)
            notEmptyThreshold = (uint)_depth;
        if (notEmptyThreshold == 0 || notEmptyThreshold > (uint)_depth)
            return GunyahError.ArgumentInvalid;
        bool deliver;
        using (_gate.Hold())
        {
            _notEmptyThreshold = (int)notEmptyThreshold;
            deliver = looksAgain && _count >= _notEmptyThreshold && ReceiveVirq.Record();
        }

        if (deliver)
            ReceiveVirq.Schedule();
        return GunyahError.Ok;
    }
}
