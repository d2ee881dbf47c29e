using RmStack.Hypervisor.Virqs;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Objects;

/// <summary>
/// One direction of messages between two VMs: a queue of discrete messages with an interrupt at each end (Gunyah API:
/// message queues; hypervisor: msgqueue.c). HOT.
/// </summary>
public sealed class MsgQueue : HypObject
{
    /// <summary>A queue holds fewer messages than this.</summary>
    public const int DepthLimit = 256;

    /// <summary>A message has fewer bytes than this.</summary>
    public const int SizeLimit = 1024;

    private const uint Unchanged = 0xffff_ffff;
    private const uint WholeQueue = 0xffff_fffe;

    private byte[] _bytes = [];
    private ushort[] _sizes = [];
    private int _depth;
    private int _maxSize;
    private int _head;
    private int _count;
    private uint _notFullThreshold;
    private uint _notEmptyThreshold;

    internal MsgQueue(GunyahHypervisor hypervisor, Partition partition)
        : base(hypervisor, ObjectType.MsgQueue, partition)
    {
        SendVirq = new VirqSource(reasserted => reasserted || _count <= _notFullThreshold);
        ReceiveVirq = new VirqSource(reasserted => reasserted || _count >= _notEmptyThreshold);
    }

    /// <inheritdoc/>
    public override uint AllRights => CapRights.MsgQueueAll;

    /// <summary>Messages it can hold.</summary>
    public int Depth => _depth;

    /// <summary>Messages it holds.</summary>
    public int Count => _count;

    /// <summary>Raised when a receive leaves exactly the not-full threshold.</summary>
    public VirqSource SendVirq { get; }

    /// <summary>Raised when a send leaves exactly the not-empty threshold, or pushes.</summary>
    public VirqSource ReceiveVirq { get; }

    internal GunyahError Configure(ulong info)
    {
        if (State != ObjectState.Init) return GunyahError.ObjectState;
        int depth = (ushort)info, size = (ushort)(info >> 16);
        if (depth is 0 or >= DepthLimit || size is 0 or >= SizeLimit) return GunyahError.ArgumentInvalid;
        _depth = depth;
        _maxSize = size;
        return GunyahError.Ok;
    }

    internal GunyahError Send(VCpu caller, ulong va, ulong size, MsgQueueFlags flags, out bool notFull)
    {
        notFull = false;
        if (_count == _depth) return GunyahError.MsgQueueFull;

        var tail = _head + _count;
        if (tail >= _depth) tail -= _depth;
        var slot = _bytes.AsSpan(tail * _maxSize, _maxSize);
        var error = size == 0 || size > (ulong)_maxSize
            ? GunyahError.ArgumentSize
            : caller.Memory.CopyIn(va, slot[..(int)size]);
        if (error != GunyahError.Ok)
        {
            // The public hypervisor drops the result of the copy and goes on as if a slot were free.
            if (Hypervisor.Options.StrictMsgQueueErrors) return error;
            notFull = true;
            return GunyahError.Ok;
        }

        _sizes[tail] = (ushort)size;
        _count++;
        if ((flags & MsgQueueFlags.Push) != 0 || _count == _notEmptyThreshold) ReceiveVirq.Assert();
        notFull = _count != _depth;
        Hypervisor.Tap?.MessageSent(this, caller, slot[..(int)size], flags, notFull);
        return GunyahError.Ok;
    }

    internal GunyahError Receive(VCpu caller, ulong va, ulong capacity, out ulong size, out bool notEmpty)
    {
        size = 0;
        notEmpty = false;
        if (_count == 0) return GunyahError.MsgQueueEmpty;

        var length = _sizes[_head];
        var message = _bytes.AsSpan(_head * _maxSize, length);
        var error = length > capacity ? GunyahError.ArgumentSize : caller.Memory.CopyOut(va, message);
        if (error != GunyahError.Ok)
        {
            if (Hypervisor.Options.StrictMsgQueueErrors) return error;
            notEmpty = true;
            return GunyahError.Ok;
        }

        if (++_head == _depth) _head = 0;
        _count--;
        size = length;
        if (_count == _notFullThreshold) SendVirq.Assert();
        notEmpty = _count != 0;
        Hypervisor.Tap?.MessageReceived(this, caller, message, notEmpty);
        return GunyahError.Ok;
    }

    internal void Flush()
    {
        if (_count != 0)
        {
            SendVirq.Assert();
            ReceiveVirq.Clear();
        }

        _bytes.AsSpan().Clear();
        _count = _head = 0;
    }

    internal GunyahError ConfigureSend(uint threshold, uint delay)
    {
        if (delay != Unchanged) return GunyahError.Unimplemented;
        if (threshold == Unchanged) return GunyahError.Ok;
        if (threshold >= _depth) return GunyahError.ArgumentInvalid;
        _notFullThreshold = threshold;
        if (_count <= threshold) SendVirq.Assert();
        else SendVirq.Clear();
        return GunyahError.Ok;
    }

    internal GunyahError ConfigureReceive(uint threshold, uint delay)
    {
        if (delay != Unchanged) return GunyahError.Unimplemented;
        if (threshold == Unchanged) return GunyahError.Ok;
        if (threshold == WholeQueue)
        {
            _notEmptyThreshold = (uint)_depth;
            return GunyahError.Ok;
        }

        if (threshold == 0 || threshold > _depth) return GunyahError.ArgumentInvalid;
        _notEmptyThreshold = threshold;
        if (_count >= threshold) ReceiveVirq.Assert();
        else ReceiveVirq.Clear();
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    protected override GunyahError OnActivate()
    {
        if (_depth == 0) return GunyahError.ObjectConfig;
        _bytes = new byte[_depth * _maxSize];
        _sizes = new ushort[_depth];
        _notFullThreshold = (uint)_depth - 1;
        _notEmptyThreshold = 1;
        return GunyahError.Ok;
    }

    /// <inheritdoc/>
    protected override void OnDestroy(bool wasActive)
    {
        SendVirq.Unbind();
        ReceiveVirq.Unbind();
    }
}
