using System.Buffers;
using System.IO.Pipelines;
using FsCheck.Xunit;
using RmStack.Protocol.Messages;
using RmStack.Testing;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>Payloads that lie in pieces read as they do in one piece, and writers write into any buffer writer what they write into a span.</summary>
public sealed class PiecewiseTests
{
    public static TheoryData<int> Samples => new(Enumerable.Range(0, MessageSamples.All.Count));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Every_payload_reads_the_same_under_every_split(int index)
    {
        var sample = MessageSamples.All[index];
        var shape = sample.Shape;
        var payload = sample.Payload();
        SameEveryWay(shape, payload);
        SameEveryWay(shape, [.. payload, 0]);
        for (var length = 0; length < payload.Length; length += 1 + (payload.Length / 16))
            SameEveryWay(shape, payload[..length]);
    }

    [Property(MaxTest = 200)]
    public void Arbitrary_payloads_of_every_message_are_judged_the_same_under_every_split(byte[] bytes, byte cut)
    {
        foreach (var row in MessageCatalogue.All)
        {
            foreach (var shape in row.Reply is null ? [row.Content] : new[] { row.Content, row.Reply })
            {
                var whole = Read(shape, bytes);
                Assert.Equal(whole, Read(shape, Pieces.Split(bytes, bytes.Length == 0 ? 0 : cut % bytes.Length)));
                Assert.Equal(whole, Read(shape, Pieces.Crumbs(bytes)));
            }
        }
    }

    [Fact]
    public void A_list_in_pieces_is_read_by_index_and_copied_as_it_is_walked()
    {
        var sgl = Enumerable.Range(0, 40).Select(i => new SglEntry((ulong)i << 12, 0x1000 + (ulong)i)).ToArray();
        var payload = new byte[MemLend.SizeOf(1, sgl.Length, 0)];
        MemLend.Write(payload, MemType.Normal, MemCreateFlags.None, 0, [new(0x80, MemRights.Read)], sgl, []);
        foreach (var pieces in Pieces.EveryWay(payload))
        {
            Assert.Equal(DecodeStatus.Ok, MemLend.TryParse(in pieces, out var view));
            var walked = new List<SglEntry>();
            foreach (var entry in view.Sgl)
                walked.Add(entry);
            Assert.Equal(sgl, walked);
            var copied = new SglEntry[sgl.Length];
            view.Sgl.CopyTo(copied);
            Assert.Equal(sgl, copied);
            for (var i = 0; i < sgl.Length; i++)
                Assert.Equal(sgl[i], view.Sgl[i]);
        }
    }

    [Fact]
    public void Text_in_pieces_is_compared_sliced_and_copied_without_being_joined()
    {
        var payload = new byte[VmConsoleWrite.SizeOf(11)];
        VmConsoleWrite.Write(payload, 0x80, "hello world"u8);
        foreach (var pieces in Pieces.EveryWay(payload))
        {
            Assert.Equal(DecodeStatus.Ok, VmConsoleWrite.TryParse(in pieces, out var view));
            Assert.True(view.Text.SequenceEqual("hello world"u8));
            Assert.False(view.Text.SequenceEqual("hello worlD"u8));
            Assert.False(view.Text.SequenceEqual("hello"u8));
            Assert.True(view.Text.Slice(6, 5).SequenceEqual("world"u8));
            Assert.Equal((byte)'w', view.Text[6]);
            Assert.Equal(0, view.Text.IndexOfNonZero());
            Assert.Equal("hello world"u8.ToArray(), view.Text.ToArray());
            var caught = 0;
            foreach (var (start, length) in new[] { (0, 12), (12, 0), (-1, 2), (3, -1), (6, 6) })
            {
                try
                {
                    view.Text.Slice(start, length);
                }
                catch (ArgumentOutOfRangeException)
                {
                    caught++;
                }
            }

            Assert.Equal(5, caught);
        }
    }

    /// <summary>The way of pipes: the variable moves on while a view of what it was is in use.</summary>
    [Fact]
    public void A_view_does_not_mind_what_becomes_of_the_variable()
    {
        var payload = new byte[MemAccepted.Size];
        MemAccepted.Write(payload, 0x11111111, 0x2222, 0x33333333);
        foreach (var pieces in Pieces.EveryWay(payload))
        {
            var sequence = pieces;
            Assert.Equal(DecodeStatus.Ok, MemAccepted.TryParse(in sequence, out var view));
            sequence = sequence.Slice(8);
            sequence = default;
            Assert.True(sequence.IsEmpty);
            Assert.Equal((0x11111111u, (ushort)0x2222, 0x33333333u), (view.Handle, view.Vmid, view.Tag));
        }
    }

    [Fact]
    public void A_part_within_one_piece_is_a_span_up_to_that_pieces_end()
    {
        var run = new WireBytes(Pieces.Of([1, 2, 3], [4, 5], [6]));
        Assert.False(run.IsContiguous);
        foreach (var (start, length, contiguous) in new[] { (0, 3, true), (1, 2, true), (3, 2, true), (5, 1, true), (6, 0, true), (0, 4, false), (2, 2, false), (4, 2, false) })
        {
            var part = run.Slice(start, length);
            Assert.Equal(contiguous, part.IsContiguous);
            Assert.Equal(contiguous ? length : 0, part.Span.Length);
            Assert.Equal(Enumerable.Range(start + 1, length).Select(value => (byte)value), part.ToArray());
        }
    }

    [Fact]
    public void A_destination_too_short_is_left_as_it_was()
    {
        var destination = new byte[5];
        Assert.Throws<ArgumentOutOfRangeException>(() => new WireBytes(Pieces.Of([1, 2, 3], [4, 5], [6])).CopyTo(destination));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WireBytes([1, 2, 3, 4, 5, 6]).CopyTo(destination));
        Assert.Equal(new byte[5], destination);
    }

    [Fact]
    public void A_sequence_longer_than_any_message_is_refused_unread()
    {
        var pieces = Pieces.Split(new byte[RpcLimits.MaxContent + 1], 1);
        Assert.Equal(DecodeStatus.TooLong, MemLend.TryParse(in pieces, out _));
        Assert.Equal(DecodeStatus.TooLong, EmptyPayload.TryParse(in pieces, out _));
    }

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_writer_puts_the_same_bytes_into_any_buffer_writer(int index)
    {
        var sample = MessageSamples.All[index];
        var payload = sample.Payload();

        var stingy = new StingyWriter();
        Assert.Equal(payload.Length, sample.Write(new PayloadWriter(stingy)));
        Assert.Equal(payload, stingy.Written);

        var pipe = new Pipe(new PipeOptions(minimumSegmentSize: 16, useSynchronizationContext: false));
        Assert.Equal(payload.Length, sample.Write(new PayloadWriter(pipe.Writer)));
        pipe.Writer.Complete();
        Assert.Equal(payload.Length == 0, !pipe.Reader.TryRead(out var read) || read.Buffer.IsEmpty);
        Assert.Equal(payload, read.Buffer.ToArray());
    }

    [Fact]
    public void A_write_that_did_not_fit_stays_the_last_one()
    {
        var buffer = new byte[5];
        var writer = new PayloadWriter(buffer);
        writer.U32(0x11111111);
        writer.U16(0x2222);
        writer.U8(0x33);
        Assert.Equal((DecodeStatus.NoRoom, 4), (writer.Status, writer.Length));
        Assert.Equal("1111111100", Hex.Text(buffer));
    }

    private static void SameEveryWay(PayloadInfo shape, byte[] payload)
    {
        var whole = Read(shape, payload);
        foreach (var pieces in Pieces.EveryWay(payload))
            Assert.Equal(whole, Read(shape, pieces));
    }

    private static string Read(PayloadInfo shape, byte[] payload)
    {
        var fields = new FieldRecorder();
        var status = shape.Describe(payload, fields, out var position);
        return $"{status}@{position}: {FieldDump.Text(fields.Fields)}";
    }

    private static string Read(PayloadInfo shape, ReadOnlySequence<byte> payload)
    {
        var fields = new FieldRecorder();
        var status = shape.Describe(in payload, fields, out var position);
        return $"{status}@{position}: {FieldDump.Text(fields.Fields)}";
    }

    /// <summary>Gives exactly the room that was asked for, full of old bytes.</summary>
    private sealed class StingyWriter : IBufferWriter<byte>
    {
        private readonly List<byte> _written = [];
        private byte[] _given = [];

        public byte[] Written => [.. _written];

        public void Advance(int count) => _written.AddRange(_given.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            _given = new byte[Math.Max(sizeHint, 1)];
            Array.Fill(_given, (byte)0xEE);
            return _given;
        }

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }
}
