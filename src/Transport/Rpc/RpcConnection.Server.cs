using System.Buffers.Binary;
using System.Diagnostics;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <content>The server's half: one message in transmission, and the link is busy until all its packets are in the queue. RM: rm-rpc.c.</content>
public sealed partial class RpcConnection
{
    /// <summary>Bytes of a server's transmit buffer: the longest message with a header's room in front.</summary>
    public const int ServerTransmitBufferSize = RpcLimits.HeaderSize + RpcLimits.MaxContent;

    /// <summary>msgqueue_send refused a packet for a reason other than a full queue; nothing is sent any more. The RM exits then.</summary>
    public GunyahError SendFailure { get; private set; }

    /// <summary>
    /// The server's end. Packets are received into <paramref name="receiveBuffer"/> (<see cref="ReceiveBufferSize"/> bytes) and sent from
    /// <paramref name="transmitBuffer"/> (<see cref="ServerTransmitBufferSize"/> bytes), without being copied again.
    /// </summary>
    public static RpcConnection CreateServer(Memory<byte> receiveBuffer, Memory<byte> transmitBuffer)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(transmitBuffer.Length, ServerTransmitBufferSize, nameof(transmitBuffer));
        return new RpcConnection(ReassemblyRules.ResourceManager, receiveBuffer, transmitBuffer, isServer: true);
    }

    /// <summary>Begins to send a reply. False: another message is being sent (the RM's BUSY), and nothing was kept.</summary>
    public bool TryStartReply(ushort sequenceId, MessageId id, RmError error, ReadOnlySpan<byte> payload)
    {
        Debug.Assert(payload.Length <= RpcLimits.MaxReplyPayload, "the reply is longer than the wire allows");
        if (_transmitting || _closed)
            return false;
        var content = _transmit.Span.Slice(RpcLimits.HeaderSize, RpcLimits.ErrorSize + payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(content, (uint)error);
        payload.CopyTo(content[RpcLimits.ErrorSize..]);
        StartTransmitting(RpcMessageType.Reply, sequenceId, id, content.Length);
        return true;
    }

    /// <summary>Begins to send a notification. False: another message is being sent (the RM's BUSY), and nothing was kept.</summary>
    public bool TryStartNotification(ushort sequenceId, MessageId id, ReadOnlySpan<byte> payload)
    {
        Debug.Assert(payload.Length <= RpcLimits.MaxContent, "the notification is longer than the wire allows");
        if (_transmitting || _closed)
            return false;
        payload.CopyTo(_transmit.Span[RpcLimits.HeaderSize..]);
        StartTransmitting(RpcMessageType.Notification, sequenceId, id, payload.Length);
        return true;
    }

    private void StartTransmitting(RpcMessageType type, ushort sequenceId, MessageId id, int contentLength)
    {
        Debug.Assert(_isServer, "a client sends requests");
        _fragmenter = new Fragmenter(type, sequenceId, id, contentLength);
        _transmitting = true;
    }

    private bool ServerNextPacket(ref ReadOnlyMemory<byte> packet)
    {
        if (!_transmitting || !_fragmenter.TryOverlayNext(_transmit.Span, out var offset, out var length, out _))
            return false;
        packet = _transmit.Slice(offset, length);
        return true;
    }

    private void ServerSent(GunyahError error)
    {
        if (error is not (GunyahError.Ok or GunyahError.MsgQueueFull))
        {
            SendFailure = error;
            Close();
            return;
        }

        if (!_fragmenter.Done)
            return;
        Statistics.MessagesSent++;
        StopTransmitting();
    }

    private RpcEvent ServerReceived(int length)
    {
        var outcome = _reassembler.AcceptReceived(length);
        if (outcome.Result != ReassemblyResult.Complete)
            return default;
        var header = _reassembler.Header;
        if (header.Type != RpcMessageType.Request)
        {
            Statistics.Ignored++;
            return default;
        }

        Statistics.Requests++;
        return new RpcEvent(RpcEventKind.Request, header, StopReceiving: false);
    }
}
