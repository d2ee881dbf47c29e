using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports.Faults;

/// <content>The two hypercalls.</content>
public sealed partial class FaultyPort
{
    private static readonly MsgQueueSendResult s_full = new(GunyahError.MsgQueueFull, NotFull: false);
    private static readonly MsgQueueReceiveResult s_empty = new(GunyahError.MsgQueueEmpty, 0, NotEmpty: false);

    /// <inheritdoc/>
    public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        lock (_gate)
        {
            if (_disposed)
                return new MsgQueueSendResult(GunyahError.CspaceCapNull, NotFull: false);
            _operations++;
            LookAtClock();
            var runs = _send.BeginCall();
            Pump();
            if (!runs && _send.IsStalled)
                return RefuseFull();
            // What no queue carries, the queue refuses itself.
            if (message.IsEmpty || message.Length > LargestPacket)
                return _inner.Send(message, flags);
            var result = Send(message.Span, message, flags);
            ArmTimer();
            return result;
        }
    }

    /// <inheritdoc/>
    public MsgQueueReceiveResult Receive(Memory<byte> buffer)
    {
        lock (_gate)
        {
            if (_disposed)
                return new MsgQueueReceiveResult(GunyahError.CspaceCapNull, 0, NotEmpty: false);
            _operations++;
            LookAtClock();
            var runs = _receive.BeginCall();
            Pump();
            if (!runs && _receive.IsStalled)
            {
                _receive.Announces = true;
                return s_empty;
            }

            var result = Receive(buffer.Span);
            ArmTimer();
            return result;
        }
    }

    private MsgQueueSendResult RefuseFull()
    {
        _send.WantsRoom = true;
        return s_full;
    }

    private MsgQueueSendResult Send(ReadOnlySpan<byte> packet, ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        // Nothing before it and nothing to happen to it: the queue itself answers.
        if (_send.Packets.Count == 0 && _send.IsUntouched)
        {
            var result = SendInner(message, flags);
            if (result.Error == GunyahError.Ok)
                _send.Pass();
            return result;
        }

        // What would not fit is refused, whatever would become of it.
        if (_innerFull || _send.Packets.IsFull)
            return RefuseFull();
        _send.Take(packet, flags);
        PumpSend();
        var notFull = !_innerFull && !_send.Packets.IsFull;
        _send.WantsRoom |= !notFull;
        return new MsgQueueSendResult(GunyahError.Ok, notFull);
    }

    private MsgQueueSendResult SendInner(ReadOnlyMemory<byte> message, MsgQueueFlags flags)
    {
        _sending = true;
        var result = _inner.Send(message, flags);
        _sending = false;
        _innerFull = result is { Error: GunyahError.MsgQueueFull } or { Error: GunyahError.Ok, NotFull: false } && !_roomDuringSend;
        _send.WantsRoom |= _roomDuringSend;
        _roomDuringSend = false;
        return result;
    }

    /// <summary>Hands packets that are due to the queue, and tells of room that somebody waits for.</summary>
    private void PumpSend()
    {
        while (!_innerFull && _send.Packets.FindDue(_now) is >= 0 and var index)
        {
            var held = _send.Packets[index];
            var result = SendInner(Slab(held.Packet), held.Flags);
            // Taken, or refused for good: in either case it is gone.
            if (result.Error != GunyahError.MsgQueueFull)
                _send.Packets.RemoveAt(index);
        }

        if (!_send.WantsRoom || _send.IsStalled || _innerFull || _send.Packets.IsFull)
            return;
        _send.WantsRoom = false;
        _send.Raise();
    }

    private MsgQueueReceiveResult Receive(Span<byte> buffer)
    {
        // No more than is needed for one: what stays in the queue keeps its sender back.
        while (_receive.Packets.FindDue(_now) < 0 && !_receive.Packets.IsFull)
        {
            var from = _inner.Receive(_slab.Memory[..LargestPacket]);
            _innerHasMore = from is { Error: GunyahError.Ok, NotEmpty: true };
            if (from.Error != GunyahError.Ok || from.Size == 0)
            {
                // A refusal of the queue itself is the holder's to see, when there is nothing else.
                if (from.Error != GunyahError.MsgQueueEmpty && _receive.Packets.Count == 0)
                    return from;
                break;
            }

            _receive.Take(_slab.Memory.Span[..from.Size], MsgQueueFlags.None);
        }

        var index = _receive.Packets.FindDue(_now);
        if (index < 0)
        {
            _receive.Announces = _receive.Packets.Count > 0;
            return s_empty;
        }

        var held = _receive.Packets[index];
        if (held.Length > buffer.Length)
            return new MsgQueueReceiveResult(GunyahError.AddrOverflow, 0, NotEmpty: false);
        held.Packet.CopyTo(buffer);
        var length = held.Length;
        _receive.Packets.RemoveAt(index);
        // The packet that waits in the queue may get lost or be held: then the next receive finds nothing after all.
        var more = _innerHasMore || _receive.Packets.FindDue(_now) >= 0;
        _receive.Announces = !more && _receive.Packets.Count > 0;
        return new MsgQueueReceiveResult(GunyahError.Ok, length, more);
    }
}
