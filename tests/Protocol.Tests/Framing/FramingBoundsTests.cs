using System.Buffers;

namespace RmStack.Protocol.Tests.Framing;

/// <summary>The edges of framing: sizes one too small or too large, counters, and what is left when a packet is refused.</summary>
public sealed class FramingBoundsTests
{
    private static readonly byte[] Whole = Hex.Bytes("21 01 07 00 17 00 00 56 aa bb");
    private static readonly byte[] FirstOfTwo = Hex.Bytes("21 05 07 00 17 00 00 56 aa");
    private static readonly byte[] SecondOfTwo = Hex.Bytes("21 04 07 00 17 00 00 56 bb cc");

    private readonly struct NoReply : IReplyFilter
    {
        public bool IsExpected(in RpcHeader reply) => false;
    }

    [Theory]
    [InlineData("", DecodeStatus.TooShort)]
    [InlineData("21 05 07 00 17 00 00", DecodeStatus.TooShort)]
    [InlineData("21 05 07 00 17 00 00 56", DecodeStatus.Ok)]
    [InlineData("20 05 07 00 17 00 00 56", DecodeStatus.BadVersion)]
    [InlineData("31 05 07 00 17 00 00 56", DecodeStatus.BadHeaderWords)]
    [InlineData("30 05 07 00 17 00 00 56", DecodeStatus.BadVersion)]
    [InlineData("21 f9 07 00 17 00 00 56", DecodeStatus.Ok)]
    [InlineData("21 fd 07 00 17 00 00 56", DecodeStatus.BadFragmentCount)]
    public void A_header_is_filled_whatever_is_wrong_with_it(string packet, DecodeStatus expected)
    {
        var bytes = Hex.Bytes(packet);
        Assert.Equal(expected, RpcHeader.TryRead(bytes, out var header));
        Assert.Equal(expected, RpcPacket.TryParse([.. bytes, .. bytes.Length < 8 ? [] : new byte[] { 1, 2 }], out var view));
        if (expected != DecodeStatus.TooShort)
            Assert.Equal((RpcMessageType.Request, (byte)(bytes[1] >> 2), (ushort)7, 0x56000017u), (header.Type, header.Fragments, header.SequenceId, header.Id.Value));
        Assert.Equal(expected == DecodeStatus.Ok ? 2 : 0, view.Content.Length);
        Assert.Equal(expected == DecodeStatus.Ok ? header : default, view.Header);
    }

    [Fact]
    public void A_packet_holds_232_bytes_and_not_one_more()
    {
        Assert.Equal(DecodeStatus.Ok, RpcPacket.TryParse([.. FirstOfTwo[..8], .. new byte[232]], out _));
        Assert.Equal(DecodeStatus.TooLong, RpcPacket.TryParse([.. FirstOfTwo[..8], .. new byte[233]], out _));
        var buffer = new byte[1000];
        Assert.Equal(240, RpcPacketWriter.WriteRequest(buffer, 1, MessageId.VmInit, new byte[232]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RpcPacketWriter.WriteRequest(buffer, 1, MessageId.VmInit, new byte[233]));
        Assert.Equal(240, RpcPacketWriter.WriteReply(buffer, 1, MessageId.VmInit, RmError.Ok, new byte[228]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RpcPacketWriter.WriteReply(buffer, 1, MessageId.VmInit, RmError.Ok, new byte[229]));
        Assert.Throws<ArgumentOutOfRangeException>(() => RpcPacketWriter.Begin(buffer, RpcMessageType.Request, 1, MessageId.VmInit, -1).Length);
    }

    [Theory]
    [InlineData("01 00 00", DecodeStatus.TooShort, 0u)]
    [InlineData("01 00 00 80", DecodeStatus.Ok, 0x80000001u)]
    [InlineData("01 00 00 80 ff", DecodeStatus.Ok, 0x80000001u)]
    public void A_reply_begins_with_four_bytes_of_error(string content, DecodeStatus expected, uint error)
    {
        var bytes = Hex.Bytes(content);
        Assert.Equal(expected, RpcReply.TryParse(bytes, out var reply));
        Assert.Equal(error, (uint)reply.Error);
        Assert.Equal(Math.Max(0, bytes.Length - 4), reply.Payload.Length);
    }

    [Fact]
    public void There_is_nothing_behind_the_last_packet()
    {
        var content = FragmenterTests.Pattern(300);
        var packet = new byte[RpcLimits.PacketSize];
        foreach (var overlay in new[] { false, true })
        {
            var fragmenter = new Fragmenter(RpcMessageType.Request, 1, MessageId.MemLend, content.Length);
            byte[] buffer = [.. new byte[RpcLimits.HeaderSize], .. content];
            for (var sent = 0; sent < 2; sent++)
            {
                Assert.False(fragmenter.Done);
                Assert.Equal(sent, fragmenter.PacketsSent);
                Assert.True(overlay ? fragmenter.TryOverlayNext(buffer, out var at, out var size, out var isLast) : Copy(ref fragmenter, out at, out size, out isLast));
                Assert.Equal(overlay ? sent * 232 : 0, at);
                Assert.Equal(sent == 0 ? 240 : 76, size);
                Assert.Equal(sent == 1, isLast);
                if (overlay)
                    fragmenter.LiftOverlay(buffer);
            }

            Assert.True(fragmenter.Done);
            Assert.Equal(2, fragmenter.PacketsSent);
            Assert.False(overlay ? fragmenter.TryOverlayNext(buffer, out var offset, out var length, out var last) : Copy(ref fragmenter, out offset, out length, out last));
            Assert.Equal((0, 0, false), (offset, length, last));
            Assert.Equal(2, fragmenter.PacketsSent);
        }

        var none = default(Fragmenter);
        Assert.True(none.Done);
        Assert.False(none.TryWriteNext([], packet, out _, out _));

        bool Copy(ref Fragmenter fragmenter, out int offset, out int length, out bool last)
        {
            offset = 0;
            return fragmenter.TryWriteNext(content, packet, out length, out last);
        }
    }

    [Fact]
    public void A_fragmenter_takes_no_negative_length_and_the_longest_message_of_every_sender()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Fragmenter(RpcMessageType.Request, 0, MessageId.MemLend, -1));
        Assert.Equal(63, new Fragmenter(RpcMessageType.Request, 0, MessageId.MemLend, RpcLimits.MaxContent).PacketCount);
        Assert.Equal(63, new Fragmenter(RpcMessageType.Request, 0, MessageId.MemLend, RpcLimits.MaxContent, RequestSplitting.LinuxV2).PacketCount);
    }

    [Fact]
    public void The_packet_too_many_of_Linux_v5_is_zeros_and_nothing_of_an_old_buffer()
    {
        var content = FragmenterTests.Pattern(464);
        var fragmenter = new Fragmenter(RpcMessageType.Request, 0, MessageId.MemLend, content.Length, RequestSplitting.LinuxV5);
        var packet = new byte[RpcLimits.PacketSize];
        var joined = new List<byte>();
        for (var sent = 1; sent <= 3; sent++)
        {
            Array.Fill(packet, (byte)0xEE);
            Assert.True(fragmenter.TryWriteNext(content, packet, out var length, out var last));
            Assert.Equal((240, sent == 3), (length, last));
            joined.AddRange(packet[8..]);
        }

        Assert.Equal([.. content, .. new byte[232]], joined);
    }

    [Fact]
    public void A_reassembler_wants_room_for_64_packets_wherever_it_lies()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Reassembler(ReassemblyRules.ResourceManager, new byte[RpcLimits.ReassemblyBufferSize - 1]));
        var array = new byte[RpcLimits.ReassemblyBufferSize + 5];
        using var owner = new NativeRoom(RpcLimits.ReassemblyBufferSize);
        foreach (var memory in new[] { array.AsMemory(5), array.AsMemory(0, RpcLimits.ReassemblyBufferSize), owner.Memory })
        {
            var reassembler = new Reassembler(ReassemblyRules.ResourceManager, memory);
            reassembler.Accept(FirstOfTwo);
            Assert.True(reassembler.Content.IsEmpty);
            Assert.True(reassembler.ContentMemory.IsEmpty);
            SecondOfTwo.CopyTo(reassembler.ReceiveWindowSpan);
            Assert.Equal(ReassemblyResult.Complete, reassembler.AcceptReceived(SecondOfTwo.Length).Result);
            Assert.Equal("aabbcc", Hex.Text(reassembler.Content));
            Assert.Equal("aabbcc", Hex.Text(reassembler.ContentMemory.Span));
            Assert.True(reassembler.Content.Overlaps(memory.Span, out var offset) && offset is 8 or -8);
            Assert.Equal((2L, 1L, 0L), (reassembler.Packets, reassembler.Messages, reassembler.MessagesGone));
        }
    }

    [Fact]
    public void A_window_is_240_bytes_and_content_ends_when_it_opens()
    {
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        reassembler.Accept(Whole);
        Assert.Equal("aabb", Hex.Text(reassembler.Content));
        Assert.Equal(240, reassembler.ReceiveWindow.Length);
        Assert.True(reassembler.Content.IsEmpty);
        reassembler.CloseWindow();
        reassembler.Accept(Whole);
        Assert.Equal(240, reassembler.ReceiveWindowSpan.Length);
        Assert.True(reassembler.Content.IsEmpty);
        reassembler.CloseWindow();
        reassembler.Accept(FirstOfTwo);
        Whole.CopyTo(reassembler.ReceiveWindow);
        Assert.Equal(DropReason.TooShort, reassembler.AcceptReceived(7).Reason);
        Assert.Equal((1L, 4L), (reassembler.Drops(DropReason.TooShort), reassembler.Packets));
        reassembler.Accept(SecondOfTwo);
        Assert.Equal("aabbcc", Hex.Text(reassembler.Content));
    }

    [Fact]
    public void After_a_reset_nothing_is_left_of_what_was_received()
    {
        var reassembler = new Reassembler(ReassemblyRules.ResourceManager);
        reassembler.Accept(Whole);
        reassembler.Reset();
        Assert.True(reassembler.Content.IsEmpty);
        Assert.Equal(0, reassembler.MessagesGone);

        reassembler.Accept(FirstOfTwo);
        FirstOfTwo.CopyTo(reassembler.ReceiveWindow);
        reassembler.Reset();
        Assert.Equal(1, reassembler.MessagesGone);
        Assert.Equal(ReassemblyResult.Complete, reassembler.Accept(Whole).Result);
        Assert.Equal("aabb", Hex.Text(reassembler.Content));
        reassembler.Accept(FirstOfTwo);
        reassembler.Accept(SecondOfTwo);
        Assert.Equal("aabbcc", Hex.Text(reassembler.Content));
    }

    [Fact]
    public void A_reset_lets_downstream_forget_the_reply_that_it_refused()
    {
        var reassembler = new Reassembler(ReassemblyRules.Downstream);
        Assert.Equal(DropReason.UnknownReply, reassembler.Accept(Hex.Bytes("21 02 63 00 17 00 00 56 00 00 00 00"), default(NoReply)).Reason);
        Assert.Equal(ReassemblyEffects.WouldCrash, reassembler.Accept(SecondOfTwo).Effects);
        reassembler.Reset();
        Assert.Equal(ReassemblyEffects.None, reassembler.Accept(SecondOfTwo).Effects);
    }

    [Fact]
    public void The_packet_that_belongs_next_is_still_measured()
    {
        var old = new Reassembler(ReassemblyRules.LinuxV5);
        old.Accept(Hex.Bytes("21 07 07 00 80 00 10 56 aa"));
        Assert.Equal(DropReason.TooShort, old.Accept(Hex.Bytes("21 04 07 00 80 00 10 56")).Reason);
        Hex.Bytes("21 04 07 00 80 00 10 56").CopyTo(old.ReceiveWindow);
        Assert.Equal(DropReason.TooShort, old.AcceptReceived(8).Reason);
        Assert.Equal(ReassemblyResult.Complete, old.Accept(Hex.Bytes("21 04 07 00 80 00 10 56 bb")).Result);

        var rm = new Reassembler(ReassemblyRules.ResourceManager);
        rm.Accept(FirstOfTwo);
        Assert.Equal(DropReason.TooLong, rm.Accept([.. SecondOfTwo[..8], .. new byte[233]]).Reason);
        Assert.Equal(ReassemblyResult.Complete, rm.Accept([.. SecondOfTwo[..8], .. new byte[232]]).Result);
        Assert.Equal(233, rm.Content.Length);
        rm.Accept(FirstOfTwo);
        Assert.Equal(ReassemblyResult.Complete, rm.Accept(SecondOfTwo.AsSpan(0, 8)).Result);
        Assert.Equal("aa", Hex.Text(rm.Content));
    }

    [Fact]
    public void Every_drop_is_counted_under_its_reason()
    {
        var reassembler = new Reassembler(ReassemblyRules.LinuxV12);
        reassembler.Accept(Hex.Bytes("21"));
        reassembler.Accept(new byte[241]);
        reassembler.Accept(Hex.Bytes("22 03 01 00 08 00 10 56"));
        reassembler.Accept(Hex.Bytes("31 03 01 00 08 00 10 56"));
        reassembler.Accept(Hex.Bytes("21 ff 01 00 08 00 10 56"));
        reassembler.Accept(Whole);
        reassembler.Accept(Hex.Bytes("21 02 63 00 17 00 00 56 00 00 00 00"), default(NoReply));
        reassembler.Accept(SecondOfTwo);
        reassembler.Accept(Hex.Bytes("21 02 63 00 17 00 00 56 00 00 00"));
        reassembler.Accept(Hex.Bytes("21 07 07 00 80 00 10 56 aa"));
        var outcome = reassembler.Accept(SecondOfTwo);
        Assert.True(outcome.PartialGone);
        Assert.Equal((ReassemblyResult.Aborted, DropReason.ContinuationMismatch), (outcome.Result, outcome.Reason));
        Assert.Equal((0L, 1L, 11L), (reassembler.Messages, reassembler.MessagesGone, reassembler.Packets));
        Assert.All(Enum.GetValues<DropReason>(), reason => Assert.Equal(reason is DropReason.None or DropReason.NoBuffer ? 0 : 1, reassembler.Drops(reason)));
    }

    [Fact]
    public void Receivers_differ_in_these_rules()
    {
        static string Traits(ReassemblyRules r) => string.Join(' ', new (bool Has, string Name)[]
        {
            (r.ChecksApiByte, "api"), (r.BadPacketStopsReceiving, "stops"), (r.TakesRequests, "requests"), (r.ChecksFragmentsFirst, "count-first"),
            (r.ChecksContinuationSequence, "sequence"), (r.StrayContinuationCrashes, "stray-crash"), (r.ShortReplyFailsCaller, "short-fails"),
            (r.ShortReplyCrashes, "short-crash"), (r.RefusedReplyPoisons, "poison"), (r.EmptyFirstPacketCrashes, "empty-crash"),
            (r.LooksRepliesUp, "lookup"), (r.UnknownReplyLosesPartial, "unknown-loses"),
        }.Where(trait => trait.Has).Select(trait => trait.Name)) + $" {r.MinPacketSize} {r.MaxFragments} {r.Displacement} {r.Mismatch}";

        Assert.Equal(
            [
                "RM: api requests count-first sequence 8 62 Discard DropPacket",
                "Linux v5: short-crash lookup unknown-loses 9 63 Abort Append",
                "Linux v10: api stray-crash short-fails lookup unknown-loses 9 62 Lose AbortMessage",
                "Linux v12: api short-fails lookup 8 62 Abort AbortMessage",
                "Linux v17: api stops short-fails lookup 8 62 Abort AbortMessage",
                "downstream: poison empty-crash lookup unknown-loses 9 63 Lose DropForeignCount",
            ],
            ReassemblyRules.All.Select(rules => $"{rules}: {Traits(rules)}"));
    }

    [Fact]
    public void Which_ids_are_in_use_is_known_up_to_the_last_one()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequenceIdAllocator(65536));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SequenceIdAllocator(-1));
        var ids = new SequenceIdAllocator(66);
        Assert.True(ids.TryAllocate(out _));
        Assert.True(ids.TryAllocate(out _));
        ids.Free(0);
        Assert.Equal([1], Enumerable.Range(0, 65536).Where(id => ids.IsInUse((ushort)id)));
        while (ids.TryAllocate(out _))
        {
        }

        Assert.Equal(Enumerable.Range(0, 67), Enumerable.Range(0, 65536).Where(id => ids.IsInUse((ushort)id)));
    }

    [Fact]
    public void Packets_for_a_content_length()
    {
        Assert.Equal([1, 1, 1, 2, 2, 3, 63], new[] { 0, 1, 232, 233, 464, 465, 14616 }.Select(RpcLimits.PacketsFor));
        Assert.Equal((232, 63, 14616, 14384, 14612, 14856), (RpcLimits.ContentPerPacket, RpcLimits.MaxPackets, RpcLimits.MaxContent, RpcLimits.MaxLinuxRequestContent, RpcLimits.MaxReplyPayload, RpcLimits.ReassemblyBufferSize));
    }

    /// <summary>Memory that is no array.</summary>
    private sealed unsafe class NativeRoom(int length) : MemoryManager<byte>
    {
        private readonly byte* _bytes = (byte*)System.Runtime.InteropServices.NativeMemory.AllocZeroed((nuint)length);

        public override Span<byte> GetSpan() => new(_bytes, length);

        public override MemoryHandle Pin(int elementIndex = 0) => new(_bytes + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing) => System.Runtime.InteropServices.NativeMemory.Free(_bytes);
    }
}
