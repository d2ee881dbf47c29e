using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc.Model;

/// <summary>The real state machine, with its outputs as the lines that the reference makes.</summary>
internal sealed class ClientUnderTest
{
    private readonly List<RpcCall> _calls = [];
    private readonly RpcConnection _connection = RpcConnection.CreateClient(
        new RpcClientOptions { LastSequenceId = ReferenceClient.LastId },
        new byte[RpcConnection.ReceiveBufferSize],
        new byte[RpcLimits.PacketSize]);

    private StringBuilder _output = new();
    private byte[] _partial = [];
    private long _now;
    private int _sent;
    private int _sentWithThis;

    public int OpenCalls => _connection.OpenCalls;

    public int ReservedIds => _connection.ReservedIds;

    public long? NextDeadline => _connection.NextDeadline;

    /// <summary>What the last step let be seen.</summary>
    public string Output()
    {
        TakeEnded();
        var text = _output.ToString();
        _output = new StringBuilder();
        return text;
    }

    public void Start(MessageId id, int length, long? timeout)
    {
        var call = new RpcCall();
        var status = _connection.Start(call, id, Packets.Pattern(length, _calls.Count), timeout is { } time ? _now + time : null);
        if (status == RpcCallStatus.Pending)
            _calls.Add(call);
        Say(status == RpcCallStatus.Pending ? $"Pending {call.SequenceId}" : (FormattableString)$"{status}");
    }

    public void Begin()
    {
        if (!_connection.TryBeginPacket(out ReadOnlySpan<byte> packet, out var flags))
        {
            Say($"nothing");
            return;
        }

        var header = RpcHeader.Read(packet);
        var content = packet[RpcLimits.HeaderSize..];
        var call = _calls.FindLast(open => open.SequenceId == header.SequenceId)!;
        var start = header.Type == RpcMessageType.Request ? 0 : _sent;
        var expected = Packets.Pattern(start + content.Length, _calls.IndexOf(call)).AsSpan(start);
        Assert.True(content.SequenceEqual(expected), "the packet's bytes are not those of its call");
        _sentWithThis = start + content.Length;
        Say($"{header.Type} {header.Fragments} {header.SequenceId} {header.Id.Value:x} {content.Length} {(flags == MsgQueueFlags.Push ? "push" : "")}");
    }

    public void Sent(GunyahError error, bool notFull)
    {
        if (error == GunyahError.Ok)
            _sent = _sentWithThis;
        _connection.PacketSent(new MsgQueueSendResult(error, notFull));
    }

    public void NotFull() => _connection.QueueNotFull();

    public void Cancel(int index) => _connection.Cancel(_calls[index]);

    public void Advance(long time) => _connection.Expire(_now += time);

    public void Close() => _connection.Close();

    public void First(Partial message)
    {
        var content = new byte[message.Type == RpcMessageType.Reply ? 8 : 4];
        if (message.Type == RpcMessageType.Reply)
            BinaryPrimitives.WriteUInt32LittleEndian(content, (uint)message.Error);
        BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(content.Length - 4), message.Owner);
        _partial = Packets.Raw(RpcMessageType.Continuation, (byte)message.Fragments, message.Sequence, message.Id, 1, 2, 3);
        Receive(Packets.Raw(message.Type, (byte)message.Fragments, message.Sequence, message.Id, content));
    }

    public void More(Partial? partial, bool foreign)
    {
        var header = partial is null ? _partial : Packets.Raw(RpcMessageType.Continuation, (byte)partial.Fragments, partial.Sequence, partial.Id, 1, 2, 3);
        var packet = header.Length == 0 ? Packets.Raw(RpcMessageType.Continuation, 1, 0, MessageId.VmStart, 1) : [.. header];
        if (foreign)
            packet[4] ^= 0x40;
        Receive(packet);
    }

    public void Receive(byte[] packet)
    {
        packet.CopyTo(_connection.ReceiveWindowSpan);
        var what = _connection.PacketReceived(packet.Length);
        TakeEnded();
        if (what.Kind == RpcEventKind.Notification)
            Say($"notification {what.Header.Id.Value:x}");
    }

    private void TakeEnded()
    {
        while (_connection.TryTakeEnded(out var ended))
        {
            var index = _calls.IndexOf(ended!);
            using var result = ended!.TakeResult();
            Say(result.Status == RpcCallStatus.Ok ? $"#{index} Ok {BinaryPrimitives.ReadInt32LittleEndian(result.Payload.Span)}" : (FormattableString)$"#{index} {result.Status}");
        }
    }

    private void Say(FormattableString line) => _output.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
