using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <summary>What a received packet means to the owner of the connection. Calls that ended are taken with <see cref="RpcConnection.TryTakeEnded"/>.</summary>
public enum RpcEventKind : byte
{
    /// <summary>Nothing for the owner.</summary>
    None,

    /// <summary>Server: a complete request; its payload is <see cref="RpcConnection.Content"/>.</summary>
    Request,

    /// <summary>Client: a complete notification; its payload is <see cref="RpcConnection.Content"/>.</summary>
    Notification,
}

/// <summary>What came of one received packet.</summary>
/// <param name="Kind">What it completed.</param>
/// <param name="Header">The message's header, if it completed one.</param>
/// <param name="StopReceiving">The receive loop ends here, although packets may wait (Linux v17 after a bad packet).</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RpcEvent(RpcEventKind Kind, RpcHeader Header, bool StopReceiving);

/// <summary>
/// One end of an RM link as a pure state machine. Its methods are of three kinds: what arrives (<see cref="PacketReceived"/>,
/// <see cref="PacketSent"/>, <see cref="QueueNotFull"/>, <see cref="Expire"/>), what the owner asks for (<see cref="Start"/>,
/// <see cref="Cancel"/>, <see cref="TryStartReply"/>, ...) and what to poll afterwards (<see cref="TryBeginPacket(out ReadOnlyMemory{byte}, out MsgQueueFlags)"/>,
/// <see cref="TryTakeEnded"/>, <see cref="NextDeadline"/>). It makes no hypercall, reads no clock, and starts nothing.
/// </summary>
/// <remarks>
/// Not thread-safe, with one exception that lets an owner receive without holding its lock: <see cref="ReceiveWindow"/>,
/// <see cref="NothingReceived"/> and <see cref="Content"/> touch nothing that other methods but <see cref="PacketReceived"/> touch.
/// </remarks>
public sealed partial class RpcConnection
{
    /// <summary>Bytes of the buffer that packets are received into.</summary>
    public const int ReceiveBufferSize = RpcLimits.ReassemblyBufferSize;

    private readonly Reassembler _reassembler;
    private readonly Memory<byte> _transmit;
    private readonly byte[]? _transmitArray;
    private readonly bool _isServer;
    private Fragmenter _fragmenter;
    private bool _transmitting;
    private bool _packetOut;
    private bool _sendReady = true;
    private bool _closed;

    private RpcConnection(ReassemblyRules rules, Memory<byte> receiveBuffer, Memory<byte> transmitBuffer, bool isServer)
    {
        _reassembler = new Reassembler(rules, receiveBuffer);
        _transmit = transmitBuffer;
        // An array at its beginning is reached faster than through Memory<byte>, once per packet.
        if (MemoryMarshal.TryGetArray<byte>(transmitBuffer, out var segment) && segment is { Offset: 0, Array: { } array })
            _transmitArray = array;
        _isServer = isServer;
        Statistics = new RpcStatistics(_reassembler);
    }

    /// <summary>What has happened so far.</summary>
    public RpcStatistics Statistics { get; }

    /// <summary>
    /// Where the next packet is to be received. Followed by <see cref="PacketReceived"/> or <see cref="NothingReceived"/>; ends the life of
    /// <see cref="Content"/>.
    /// </summary>
    public Memory<byte> ReceiveWindow => _reassembler.ReceiveWindow;

    /// <summary>The same for queues that write into a span.</summary>
    public Span<byte> ReceiveWindowSpan => _reassembler.ReceiveWindowSpan;

    /// <summary>Payload of the request or notification that was completed last, until the next <see cref="ReceiveWindow"/>.</summary>
    public ReadOnlyMemory<byte> Content => _reassembler.ContentMemory;

    /// <summary>A message is being sent: the RM calls this state of a link BUSY.</summary>
    public bool IsTransmitting => _transmitting;

    /// <summary>The window stayed empty.</summary>
    public void NothingReceived() => _reassembler.CloseWindow();

    /// <summary>A packet of <paramref name="length"/> bytes lies in the window.</summary>
    public RpcEvent PacketReceived(int length)
    {
        // Most packets of a long message are neither its first nor its last.
        if (_reassembler.TryAcceptMiddle(length))
            return default;
        return _isServer ? ServerReceived(length) : ClientReceived(length);
    }

    /// <summary>
    /// The next packet to send, if one may be sent now. The owner calls msgqueue_send with it and reports to <see cref="PacketSent"/> before
    /// anything else is begun.
    /// </summary>
    public bool TryBeginPacket(out ReadOnlyMemory<byte> packet, out MsgQueueFlags flags)
    {
        if (!TryBegin(out var offset, out var length, out flags))
        {
            packet = default;
            return false;
        }

        packet = _transmit.Slice(offset, length);
        return true;
    }

    /// <summary>The same for queues that read from a span.</summary>
    public bool TryBeginPacket(out ReadOnlySpan<byte> packet, out MsgQueueFlags flags)
    {
        if (!TryBegin(out var offset, out var length, out flags))
        {
            packet = default;
            return false;
        }

        packet = TransmitBuffer.Slice(offset, length);
        return true;
    }

    /// <summary>What msgqueue_send answered.</summary>
    public void PacketSent(MsgQueueSendResult result)
    {
        Debug.Assert(_packetOut, "no packet was begun");
        _packetOut = false;
        if (result.Error != GunyahError.Ok)
        {
            PacketRefused(result.Error);
            return;
        }

        Statistics.PacketsSent++;
        // The RM takes no notice of not-full: it sends until the queue refuses.
        _sendReady |= result.NotFull || _isServer;
        if (_isServer)
        {
            if (!_train.Done || !_transmitting)
                return;
            Statistics.MessagesSent++;
            _transmitting = false;
        }
        else if (_transmitting)
        {
            ClientSent();
        }
    }

    /// <summary>The TX interrupt came.</summary>
    public void QueueNotFull() => _sendReady = true;

    /// <summary>Ends everything: open calls end as Closed, nothing is sent any more.</summary>
    public void Close()
    {
        if (_closed)
            return;
        _closed = true;
        StopTransmitting();
        foreach (var call in _calls.InOrder())
            End(call, RpcCallStatus.Closed, replyMayCome: false);
    }

    private Span<byte> TransmitBuffer => _transmitArray is { } array ? array.AsSpan() : _transmit.Span;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryBegin(out int offset, out int length, out MsgQueueFlags flags)
    {
        Debug.Assert(!_packetOut, "the packet before this one was not reported");
        (offset, length, flags) = (0, 0, MsgQueueFlags.None);
        if (!_sendReady || _closed)
            return false;
        if (_isServer ? !_transmitting || !_train.TryNext(out offset, out length) : !ClientNextPacket(out length, out flags))
            return false;
        // Taken back before the hypercall, so that an interrupt that comes during it is not lost.
        _sendReady = false;
        _packetOut = true;
        return true;
    }

    private void PacketRefused(GunyahError error)
    {
        if (error == GunyahError.MsgQueueFull)
        {
            Statistics.QueueFull++;
        }
        else
        {
            Statistics.SendErrors++;
            // A refused packet says nothing about room, and room is checked first: the next message may try.
            _sendReady = true;
        }

        if (!_transmitting)
            return;
        if (_isServer)
            ServerRefused(error);
        else
            ClientRefused(error);
    }

    private void StopTransmitting()
    {
        _transmitting = false;
        _sendingCall = null;
    }
}
