using System.Diagnostics;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <content>The server's half: one message in transmission, and the link is busy until all its packets are in the queue. RM: rm-rpc.c.</content>
public sealed partial class RpcConnection
{
    /// <summary>Bytes of a server's transmit buffer: the longest message as packets.</summary>
    public const int ServerTransmitBufferSize = PacketTrain.MaxSize;

    private PacketTrain _train;

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
        Debug.Assert(_isServer, "a client sends requests");
        if (_transmitting || _closed)
            return false;
        _train = PacketTrain.Reply(TransmitBuffer, sequenceId, id, error, payload);
        _transmitting = true;
        return true;
    }

    /// <summary>Begins to send a notification. False: another message is being sent (the RM's BUSY), and nothing was kept.</summary>
    public bool TryStartNotification(ushort sequenceId, MessageId id, ReadOnlySpan<byte> payload)
    {
        Debug.Assert(_isServer, "a client sends requests");
        if (_transmitting || _closed)
            return false;
        _train = PacketTrain.Message(TransmitBuffer, RpcMessageType.Notification, sequenceId, id, payload);
        _transmitting = true;
        return true;
    }

    private void ServerRefused(GunyahError error)
    {
        if (error == GunyahError.MsgQueueFull)
        {
            _train.Unsend();
            return;
        }

        SendFailure = error;
        Close();
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
