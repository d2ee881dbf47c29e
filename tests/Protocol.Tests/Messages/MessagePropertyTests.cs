using System.Buffers;
using System.Buffers.Binary;
using FsCheck;
using FsCheck.Xunit;
using RmStack.Protocol.Messages;
using RmStack.Testing;

namespace RmStack.Protocol.Tests.Messages;

/// <summary>
/// What holds for every message of the catalogue, in whatever packets it comes. Each property makes payloads of every shape of every view from
/// the bytes that FsCheck draws; with none of them left, all fields are zero and all lists empty.
/// </summary>
public sealed class MessagePropertyTests
{
    [Fact]
    public void Every_view_of_the_catalogue_can_be_rewritten()
    {
        var views = MessageCatalogue.All.SelectMany(row => row.Reply is null ? [row.Content] : new[] { row.Content, row.Reply })
            .Append(MessageCatalogue.ErrorReplyWithWord)
            .Select(layout => layout.ViewName)
            .Where(view => view is not (nameof(EmptyPayload) or nameof(OpaquePayload)))
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal(views.Order(StringComparer.Ordinal), MessageRewrites.All.Select(row => row.View).Order(StringComparer.Ordinal));
        Assert.All(MessageRewrites.All, row => Assert.NotEmpty(row.Roles));
    }

    [Fact]
    public void Every_sample_is_rewritten_to_itself()
    {
        foreach (var sample in MessageSamples.All)
        {
            var buffer = new byte[512];
            var payload = buffer[..sample.Write(buffer)];
            var info = MessageCatalogue.Find(sample.Id)!;
            var row = MessageRewrites.All.Single(row => row.View == (sample.IsReply ? info.Reply! : info.Content).ViewName);
            Assert.Equal(Hex.Text(payload), Hex.Text(row.Again(payload)));
        }
    }

    [Fact]
    public void Every_shape_is_taken_by_its_view()
    {
        // Only a flags field that decides what follows may be refused, and only where a shape draws it freely.
        var random = new SeededRandom(1);
        foreach (var (row, shape, index) in Shapes())
        {
            var taken = 0;
            for (var i = 0; i < 100; i++)
                taken += Accepts(row.Roles[0].Layout, shape.Make(new(random.Bytes(random.Next(40))), tidy: i % 2 == 0)) ? 1 : 0;
            Assert.True(row.View is nameof(MemNotify) or nameof(VmIrqNotify) ? taken >= 50 : taken == 100, $"{row.View} shape {index}: {taken} of 100");
        }
    }

    [Property]
    public void Fields_survive_being_read_and_written_again(byte[] seed, bool tidy) => Everywhere(seed, tidy, (role, row, _, payload) =>
        Assert.Equal(Fields(role.Layout, payload), Fields(role.Layout, row.Again(payload))));

    [Property]
    public void What_was_written_once_is_written_the_same_again(byte[] seed, bool tidy) => Everywhere(seed, tidy, (_, row, _, payload) =>
    {
        var once = row.Again(payload);
        Assert.Equal(Hex.Text(once), Hex.Text(row.Again(once)));
    });

    [Property]
    public void A_tidy_payload_comes_back_byte_for_byte(byte[] seed) => Everywhere(seed, tidy: true, (_, row, shape, payload) =>
    {
        if (shape.IsExact)
            Assert.Equal(Hex.Text(payload), Hex.Text(row.Again(payload)));
    });

    [Property(MaxTest = 50)]
    public void Every_receiver_reads_the_same_fields_however_the_message_was_cut(byte[] seed, bool tidy, byte[] cuts, ushort sequence)
    {
        var receivers = Receivers();
        var sizes = new PayloadShape.Entropy(cuts);
        Everywhere(seed, tidy, (role, row, _, payload) =>
        {
            var expected = Fields(role.Layout, payload);
            var content = Content(role.Type, RmError.Ok, row.Again(payload));
            foreach (var receiver in receivers.Where(receiver => role.Type != RpcMessageType.Request || receiver.Rules.TakesRequests))
            {
                var packets = Cut(receiver.Rules, role, sequence, content, sizes);
                Assert.Equal(expected, Fields(role, Receive(receiver, packets, role, sequence)));
                Assert.Equal(expected, Fields(role, ReceiveInPlace(receiver, packets, role, sequence)));
            }
        });
    }

    [Property(MaxTest = 50)]
    public void Every_receiver_reads_the_same_fields_in_our_own_packets(byte[] seed, bool tidy, ushort sequence)
    {
        var receivers = Receivers();
        Everywhere(seed, tidy, (role, row, _, payload) =>
        {
            var expected = Fields(role.Layout, payload);
            var content = Content(role.Type, RmError.Ok, row.Again(payload));
            var packets = Framing.FragmenterTests.Cut(role.Type, sequence, role.Id, content);
            foreach (var receiver in receivers.Where(receiver => role.Type != RpcMessageType.Request || receiver.Rules.TakesRequests))
            {
                // Old receivers throw a packet without content away.
                if (RpcLimits.HeaderSize + content.Length < receiver.Rules.MinPacketSize)
                    continue;
                Assert.Equal(expected, Fields(role, Receive(receiver, packets, role, sequence)));
                Assert.Equal(expected, Fields(role, ReceiveInPlace(receiver, packets, role, sequence)));
            }
        });
    }

    [Property(MaxTest = 50)]
    public void Packets_are_read_where_they_lie_without_being_joined(byte[] seed, bool tidy, byte[] cuts)
    {
        var sizes = new PayloadShape.Entropy(cuts);
        Everywhere(seed, tidy, (role, row, _, payload) =>
        {
            var content = Content(role.Type, RmError.Ok, payload);
            var pieces = Cut(ReassemblyRules.ResourceManager, role, 0, content, sizes).Select(packet => packet[RpcLimits.HeaderSize..]).ToArray();
            var sequence = Pieces.Of(pieces).Slice(role.Type == RpcMessageType.Reply ? RpcLimits.ErrorSize : 0);
            var recorder = new FieldRecorder();
            var status = role.Layout.Describe(in sequence, recorder, out int _);
            Assert.Equal(Fields(role.Layout, payload), Text(status, recorder));
            Assert.Equal(Hex.Text(row.Again(payload)), Hex.Text(row.Again(sequence)));
        });
    }

    [Property(MaxTest = 1000)]
    public void Packets_of_unknown_messages_survive_decoding_and_encoding(byte type, byte fragments, DoNotSize<ushort> anySequence, DoNotSize<uint> anyId, byte[] seed)
    {
        var (sequence, id) = (anySequence.Item, anyId.Item);
        var entropy = new PayloadShape.Entropy(seed);
        var content = entropy.Bytes(entropy.Next() % (RpcLimits.ContentPerPacket + 1));
        var header = new RpcHeader((RpcMessageType)(type & 3), (byte)(fragments % (RpcLimits.MaxFragments + 1)), sequence, new MessageId(id));
        byte[] packet = [.. new byte[RpcLimits.HeaderSize], .. content];
        header.Write(packet);

        Assert.Equal(DecodeStatus.Ok, RpcPacket.TryParse(packet, out var view));
        Assert.Equal((RpcMessageType)(type & 3), view.Header.Type);
        Assert.Equal(fragments % (RpcLimits.MaxFragments + 1), view.Header.Fragments);
        Assert.Equal((sequence, id), (view.Header.SequenceId, view.Header.Id.Value));
        byte[] again = [.. new byte[RpcLimits.HeaderSize], .. view.Content];
        new RpcHeader(view.Header.Type, view.Header.Fragments, view.Header.SequenceId, view.Header.Id).Write(again);
        Assert.Equal(Hex.Text(packet), Hex.Text(again));

        var isShortReply = view.Header.Type == RpcMessageType.Reply && view.Content.Length < RpcLimits.ErrorSize;
        if (view.Header.Fragments == 0 && view.Header.Type != RpcMessageType.Continuation && !isShortReply)
            Assert.Equal(Hex.Text(packet), Hex.Text(WriteAlone(view)));
    }

    [Property(MaxTest = 1000)]
    public void Unknown_error_codes_and_the_word_behind_them_survive(DoNotSize<uint> anyError, DoNotSize<uint>? anyDetail, DoNotSize<ushort> anySequence, DoNotSize<uint> anyId)
    {
        var (error, detail, sequence, id) = (anyError.Item, anyDetail?.Item, anySequence.Item, anyId.Item);
        var payload = new byte[sizeof(uint)];
        payload = detail is { } word ? payload[..ErrorDetail.Write(payload, word)] : [];
        var content = Content(RpcMessageType.Reply, (RmError)error, payload);
        var packets = Framing.FragmenterTests.Cut(RpcMessageType.Reply, sequence, new MessageId(id), content);
        foreach (var receiver in Receivers())
        {
            Assert.Equal(ReassemblyResult.Complete, receiver.Accept(packets[0]).Result);
            Assert.Equal(DecodeStatus.Ok, RpcReply.TryParse(receiver.Content, out var reply));
            Assert.Equal(error, (uint)reply.Error);
            Assert.Equal(DecodeStatus.Ok, ErrorDetail.TryParse(reply.Payload, out var view));
            Assert.Equal((detail is not null, detail ?? 0), (view.HasDetail, view.Detail));

            var again = new byte[RpcLimits.PacketSize];
            var length = RpcPacketWriter.WriteReply(again, receiver.Header.SequenceId, receiver.Header.Id, reply.Error, reply.Payload);
            Assert.Equal(Hex.Text(packets[0]), Hex.Text(again.AsSpan(0, length)));
            var rewritten = new byte[content.Length];
            Assert.Equal(RpcLimits.ErrorSize, RpcReply.WriteError(rewritten, reply.Error));
            reply.Payload.CopyTo(rewritten.AsSpan(RpcLimits.ErrorSize));
            Assert.Equal(Hex.Text(content), Hex.Text(rewritten));
        }
    }

    private static IEnumerable<(MessageRewrites.Row Row, PayloadShape Shape, int Index)> Shapes() =>
        MessageRewrites.All.SelectMany(row => row.Shapes.Select((shape, index) => (row, shape, index)));

    /// <summary>Tries a payload of every shape; what fails is told with the message and the payload.</summary>
    private static void Everywhere(byte[] seed, bool tidy, Action<MessageRewrites.Role, MessageRewrites.Row, PayloadShape, byte[]> check)
    {
        foreach (var (row, shape, index) in Shapes())
        {
            var entropy = new PayloadShape.Entropy(seed);
            var role = row.Roles[entropy.Next() % row.Roles.Count];
            var payload = shape.Make(entropy, tidy);
            if (!Accepts(role.Layout, payload))
                continue;
            try
            {
                check(role, row, shape, payload);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{row.View} shape {index}, {role.Type} of {role.Id}: {Hex.Text(payload)}", e);
            }
        }
    }

    private static bool Accepts(PayloadInfo layout, byte[] payload) => layout.Describe(payload, new FieldRecorder(), out _) == DecodeStatus.Ok;

    private static string Fields(PayloadInfo layout, ReadOnlySpan<byte> payload)
    {
        var recorder = new FieldRecorder();
        var status = layout.Describe(payload, recorder, out _);
        return Text(status, recorder);
    }

    private static string Text(DecodeStatus status, FieldRecorder recorder) => $"{status}: {FieldDump.Text(recorder.Fields)}";

    private static string Fields(MessageRewrites.Role role, byte[] content)
    {
        if (role.Type != RpcMessageType.Reply)
            return Fields(role.Layout, content);
        Assert.Equal(DecodeStatus.Ok, RpcReply.TryParse(content, out var reply));
        Assert.Equal(RmError.Ok, reply.Error);
        return Fields(role.Layout, reply.Payload);
    }

    private static byte[] Content(RpcMessageType type, RmError error, byte[] payload)
    {
        if (type != RpcMessageType.Reply)
            return payload;
        var content = new byte[RpcLimits.ErrorSize + payload.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(content, (uint)error);
        payload.CopyTo(content, RpcLimits.ErrorSize);
        return content;
    }

    private static Reassembler[] Receivers() => [.. ReassemblyRules.All.Select(rules => new Reassembler(rules))];

    /// <summary>Packets of any size that this receiver takes, their headers put together here.</summary>
    private static List<byte[]> Cut(ReassemblyRules rules, MessageRewrites.Role role, ushort sequence, byte[] content, PayloadShape.Entropy entropy)
    {
        var least = rules.MinPacketSize - RpcLimits.HeaderSize;
        // Linux wants the error word in the first packet; where that packet without payload gets no buffer, a byte more.
        var first = role.Type == RpcMessageType.Reply && rules.LooksRepliesUp ? RpcLimits.ErrorSize + (rules.EmptyFirstPacketCrashes ? 1 : 0) : least;
        var sizes = new List<int>();
        for (var rest = content.Length; rest > 0 || sizes.Count == 0 || (least == 0 && sizes.Count < RpcLimits.MaxPackets && entropy.Next() > 0xE0);)
        {
            var packetsBehind = RpcLimits.MaxPackets - sizes.Count - 1;
            var low = Math.Max(sizes.Count == 0 ? first : least, rest - (packetsBehind * RpcLimits.ContentPerPacket));
            var drawn = entropy.Next();
            var size = Math.Min(rest, Math.Max(low, drawn <= RpcLimits.ContentPerPacket ? drawn : drawn - RpcLimits.ContentPerPacket));
            sizes.Add(size);
            rest -= size;
        }

        var packets = new List<byte[]>();
        var start = 0;
        foreach (var size in sizes)
        {
            var type = packets.Count == 0 ? role.Type : RpcMessageType.Continuation;
            packets.Add(Packets.Raw(type, (byte)(sizes.Count - 1), sequence, role.Id, content[start..(start + size)]));
            start += size;
        }

        Assert.InRange(packets.Count, 1, RpcLimits.MaxPackets);
        return packets;
    }

    private static byte[] Receive(Reassembler receiver, List<byte[]> packets, MessageRewrites.Role role, ushort sequence)
    {
        for (var i = 0; i < packets.Count; i++)
            Taken(receiver, receiver.Accept(packets[i]), i == packets.Count - 1);
        return Joined(receiver, role, sequence);
    }

    private static byte[] ReceiveInPlace(Reassembler receiver, List<byte[]> packets, MessageRewrites.Role role, ushort sequence)
    {
        for (var i = 0; i < packets.Count; i++)
        {
            packets[i].CopyTo(i % 2 == 0 ? receiver.ReceiveWindow.Span : receiver.ReceiveWindowSpan);
            Taken(receiver, receiver.AcceptReceived(packets[i].Length), i == packets.Count - 1);
        }

        return Joined(receiver, role, sequence);
    }

    private static void Taken(Reassembler receiver, ReassemblyOutcome outcome, bool last)
    {
        var expected = new ReassemblyOutcome(last ? ReassemblyResult.Complete : ReassemblyResult.Incomplete, DropReason.None, ReassemblyEffects.None);
        if (outcome != expected)
            Assert.Fail($"{receiver.Rules}: {outcome}");
    }

    private static byte[] Joined(Reassembler receiver, MessageRewrites.Role role, ushort sequence)
    {
        Assert.Equal((role.Type, role.Id, sequence), (receiver.Header.Type, receiver.Header.Id, receiver.Header.SequenceId));
        return receiver.Content.ToArray();
    }

    /// <summary>The packet again, from the writers of messages of one packet; a reply without an error word has none.</summary>
    private static byte[] WriteAlone(RpcPacket view)
    {
        var packet = new byte[RpcLimits.PacketSize];
        var (sequence, id) = (view.Header.SequenceId, view.Header.Id);
        var length = view.Header.Type switch
        {
            RpcMessageType.Request => RpcPacketWriter.WriteRequest(packet, sequence, id, view.Content),
            RpcMessageType.Notification => RpcPacketWriter.WriteNotification(packet, sequence, id, view.Content),
            _ => RpcPacketWriter.WriteReply(packet, sequence, id, (RmError)BinaryPrimitives.ReadUInt32LittleEndian(view.Content), view.Content[RpcLimits.ErrorSize..]),
        };
        return packet[..length];
    }
}
