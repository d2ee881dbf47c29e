using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace RmStack.Protocol.Tests.Framing;

public sealed class ReassemblyModelTests
{
    private static readonly IReadOnlyList<ReassemblyRules> Receivers = ReassemblyRules.All;

    private readonly struct EvenSequences : IReplyFilter
    {
        public bool IsExpected(in RpcHeader reply) => reply.SequenceId % 2 == 0;
    }

    [Property(MaxTest = 300)]
    public Property Every_receiver_does_what_its_description_says() => Prop.ForAll(
        PacketSequences().ToArbitrary(),
        packets =>
        {
            foreach (var rules in Receivers)
                Compare(rules, packets, inPlace: false);
        });

    [Property(MaxTest = 300)]
    public Property Receiving_in_place_changes_nothing() => Prop.ForAll(
        PacketSequences().ToArbitrary(),
        packets =>
        {
            foreach (var rules in Receivers)
                Compare(rules, packets, inPlace: true);
        });

    [Property(MaxTest = 300)]
    public void Arbitrary_bytes_never_throw_and_never_grow_anything(byte[][] packets)
    {
        foreach (var rules in Receivers)
        {
            var reassembler = new Reassembler(rules);
            foreach (var packet in packets)
            {
                reassembler.Accept(packet);
                Assert.InRange(reassembler.Content.Length, 0, 64 * RpcLimits.ContentPerPacket);
            }
        }
    }

    private static void Compare(ReassemblyRules rules, byte[][] packets, bool inPlace)
    {
        var reassembler = new Reassembler(rules);
        var model = new ReassemblyModel(rules.Name);
        for (var sequence = 0; sequence < 8; sequence += 2)
            model.ExpectedReplies.Add(sequence);
        var messages = 0L;
        foreach (var packet in packets.Where(packet => !inPlace || packet.Length <= RpcLimits.PacketSize))
        {
            var outcome = inPlace ? AcceptInPlace(reassembler, packet) : reassembler.Accept(packet, default(EvenSequences));
            var expected = model.Accept(packet);
            Assert.Equal(expected, (outcome.Result, outcome.Effects));
            Assert.Equal(model.HasPartial, reassembler.HasPartial);
            Assert.Equal(model.Message ?? [], reassembler.Content.ToArray());
            Assert.Equal(outcome.Result is ReassemblyResult.Incomplete or ReassemblyResult.Complete, outcome.Reason == DropReason.None);
            messages += outcome.Result == ReassemblyResult.Complete ? 1 : 0;
        }

        Assert.Equal(messages, reassembler.Messages);
        Assert.Equal(inPlace ? packets.Count(packet => packet.Length <= RpcLimits.PacketSize) : packets.Length, reassembler.Packets);
    }

    private static ReassemblyOutcome AcceptInPlace(Reassembler reassembler, byte[] packet)
    {
        packet.CopyTo(reassembler.ReceiveWindow);
        // As RpcConnection does: a packet that the short way takes is incomplete and has no effects.
        return reassembler.TryAcceptMiddle(packet.Length) ? default : reassembler.AcceptReceived(packet.Length, default(EvenSequences));
    }

    // Few ids and sequence ids, so that packets often belong together and often nearly do.
    private static Gen<byte[][]> PacketSequences()
    {
        var fragments = Gen.Frequency((12, Gen.Choose(0, 3)), (1, Gen.Elements(62, 63)));
        var size = Gen.Frequency((8, Gen.Choose(8, 20)), (3, Gen.Elements(240, 232, 100)), (1, Gen.Elements(0, 1, 7, 241)));
        var api = Gen.Frequency((15, Gen.Constant(0x21)), (1, Gen.Elements(0x20, 0x22, 0x11, 0x31, 0x00, 0xFF)));
        var packet =
            from length in size
            from first in api
            from type in Gen.Frequency((6, Gen.Constant(0)), (2, Gen.Constant(1)), (3, Gen.Constant(2)), (3, Gen.Constant(3)))
            from count in fragments
            from sequence in Gen.Choose(0, 2)
            from id in Gen.Choose(0, 1)
            from fill in Gen.Choose(0, 255)
            select Packet(length, first, type, count, sequence, id, fill);
        var uniform = from length in size from value in Gen.Elements(0, 0xFF) select Enumerable.Repeat((byte)value, length).ToArray();
        return Gen.Frequency((20, packet), (1, uniform)).ArrayOf();
    }

    private static byte[] Packet(int length, int api, int type, int fragments, int sequence, int id, int fill)
    {
        var packet = new byte[Math.Max(length, 8)];
        for (var i = 8; i < packet.Length; i++)
            packet[i] = (byte)(fill + i);
        packet[0] = (byte)api;
        packet[1] = (byte)((fragments << 2) | type);
        packet[2] = (byte)sequence;
        packet[4] = (byte)(4 + id);
        packet[7] = 0x56;
        return packet[..length];
    }
}
