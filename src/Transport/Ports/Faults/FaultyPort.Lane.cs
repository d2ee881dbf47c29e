using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Ports.Faults;

/// <content>What is kept per direction.</content>
public sealed partial class FaultyPort
{
    /// <summary>One direction: its dice, its packets on the way, its signal. Under the port's lock.</summary>
    private sealed class Lane(FaultyPort port, FaultDirection direction, FaultProfile profile)
    {
        private const int BitsPerByte = 8;
        private readonly FaultDice _dice = new(port._options.Seed, direction);
        private long _packet;
        private long _call;
        private long _signal;
        private long _stallEnds;

        public HeldPackets Packets { get; } = new(port._options.MaxHeld);

        /// <summary>The signal to the holder, delivered from outside our calls.</summary>
        public LoopbackVirq Signal { get; } = new(port._options.Context);

        public bool IsStalled { get; private set; }

        /// <summary>Sending: the holder was told that there is no room.</summary>
        public bool WantsRoom { get; set; }

        /// <summary>Receiving: the holder found nothing while something was on its way to it.</summary>
        public bool Announces { get; set; }

        /// <summary>A signal that was lost and that nothing has made good.</summary>
        public FaultRecord? Lost { get; private set; }

        /// <summary>A send or receive begins. False: the direction is stalled.</summary>
        public bool BeginCall()
        {
            // Whoever looks needs no signal.
            Lost = null;
            var call = _call++;
            if (Falls(FaultKind.SpuriousSignal, call))
            {
                Log(FaultKind.SpuriousSignal, call);
                Signal.Raise();
            }

            if (!IsStalled && Falls(FaultKind.Stall, call))
            {
                var time = _dice.UpTo(FaultKind.Stall, call, 1, port.LongestHold);
                Log(FaultKind.Stall, call, time);
                IsStalled = true;
                _stallEnds = port._now + time;
            }

            return !IsStalled;
        }

        public void EndStall()
        {
            if (!IsStalled || port._now < _stallEnds)
                return;
            IsStalled = false;
            if (direction == FaultDirection.Send)
                WantsRoom = true;
            else
                Raise();
        }

        /// <summary>The signal, unless it gets lost.</summary>
        public void Raise()
        {
            var signal = _signal++;
            if (Falls(FaultKind.LoseSignal, signal))
            {
                Lost = Log(FaultKind.LoseSignal, signal);
                return;
            }

            Lost = null;
            Signal.Raise();
        }

        public bool Settle()
        {
            var any = IsStalled || Lost is not null || Packets.NextDue(port._now) is not null;
            Packets.MakeAllDue();
            _stallEnds = 0;
            Lost = null;
            return any;
        }

        public long? NextEvent()
        {
            var next = Packets.NextDue(port._now);
            return IsStalled && (next is null || _stallEnds < next) ? _stallEnds : next;
        }

        /// <summary>Whether the next packet goes as it is, and at once.</summary>
        public bool IsUntouched => !Falls(FaultKind.Drop, _packet) && !Falls(FaultKind.Delay, _packet) && !Falls(FaultKind.Duplicate, _packet)
            && !Falls(FaultKind.Reorder, _packet) && !Falls(FaultKind.Truncate, _packet) && !Falls(FaultKind.Corrupt, _packet);

        /// <summary>The next packet went as it was.</summary>
        public void Pass() => _packet++;

        /// <summary>Takes the next packet on its way: with what happens to it, or not at all.</summary>
        public void Take(ReadOnlySpan<byte> packet, MsgQueueFlags flags)
        {
            var index = _packet++;
            if (Falls(FaultKind.Drop, index))
            {
                Log(FaultKind.Drop, index);
                return;
            }

            var held = Packets.Add(packet, flags);
            if (held.Length > 1 && Falls(FaultKind.Truncate, index))
            {
                held.Length = (int)_dice.UpTo(FaultKind.Truncate, index, 1, held.Length - 1);
                Log(FaultKind.Truncate, index, held.Length);
            }

            if (Falls(FaultKind.Corrupt, index))
                Corrupt(held, index);
            if (Falls(FaultKind.Delay, index))
            {
                var time = _dice.UpTo(FaultKind.Delay, index, 1, port.LongestHold);
                Log(FaultKind.Delay, index, time);
                held.Due = port._now + time;
            }
            else if (Falls(FaultKind.Reorder, index))
            {
                held.KeepsPlace = false;
                held.OvertakersLeft = (int)_dice.UpTo(FaultKind.Reorder, index, 1, profile.ReorderWindow);
                held.Due = port._now + port.LongestHold;
                Log(FaultKind.Reorder, index, held.OvertakersLeft);
            }

            if (!Packets.IsFull && Falls(FaultKind.Duplicate, index))
            {
                var copy = Packets.Add(held.Packet, flags);
                copy.KeepsPlace = false;
                copy.Due = port._now + _dice.UpTo(FaultKind.Duplicate, index, 1, port.LongestHold) - 1;
                copy.OvertakersLeft = profile.ReorderWindow;
                Log(FaultKind.Duplicate, index);
            }
        }

        private void Corrupt(HeldPacket held, long index)
        {
            var bits = (profile.CorruptsHeaderOnly ? Math.Min(RpcLimits.HeaderSize, held.Length) : held.Length) * BitsPerByte;
            var flips = (int)_dice.UpTo(FaultKind.Corrupt, index, 1, profile.CorruptBits);
            Log(FaultKind.Corrupt, index, flips);
            for (var flip = 0; flip < flips; flip++)
            {
                var bit = (int)_dice.UpTo(FaultKind.Corrupt, index, 2 + flip, bits) - 1;
                held.Bytes[bit / BitsPerByte] ^= (byte)(1 << (bit % BitsPerByte));
            }
        }

        private bool Falls(FaultKind kind, long index) => _dice.Falls(kind, index, profile.Of(kind));

        private FaultRecord Log(FaultKind kind, long index, long amount = 0)
        {
            var record = new FaultRecord(direction, kind, index, amount);
            port.Faults.Add(record);
            return record;
        }
    }
}
