using System.Buffers;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Transport.Rpc;

/// <summary>
/// The RM's end of the link to one VM, with the RM's own rules for what happens when the queue is full: one message in transmission, one
/// stored reply, at most 256 stored notifications. RM: rm-rpc.c, rm-rpc-fifo.c. All methods run under the server's lock.
/// </summary>
public sealed class RpcServerLink : IThreadPoolWorkItem
{
    private readonly RpcServer _server;
    private readonly IMsgQueuePort _port;
    private readonly RpcConnection _connection;
    private readonly NotificationBacklog _notifications = new();
    private readonly IMemoryOwner<byte> _receiveSlab;
    private readonly IMemoryOwner<byte> _transmitSlab;
    private StoredMessage _reply;
    private bool _hasReply;
    private bool _deferred;
    private bool _sending;
    private bool _receiving;
    private bool _released;

    internal RpcServerLink(RpcServer server, ushort vmid, IMsgQueuePort port)
    {
        _server = server;
        _port = port;
        Vmid = vmid;
        _receiveSlab = port.Buffers.Rent(RpcConnection.ReceiveBufferSize);
        _transmitSlab = port.Buffers.Rent(RpcConnection.ServerTransmitBufferSize);
        _connection = RpcConnection.CreateServer(
            _receiveSlab.Memory[..RpcConnection.ReceiveBufferSize],
            _transmitSlab.Memory[..RpcConnection.ServerTransmitBufferSize]);
    }

    /// <summary>The VM at the other end.</summary>
    public ushort Vmid { get; }

    /// <summary>What has happened so far.</summary>
    public RpcStatistics Statistics => _connection.Statistics;

    /// <summary>A message is partly in the queue and waits for room.</summary>
    public bool IsBusy => _connection.IsTransmitting;

    /// <summary>A reply waits for the link.</summary>
    public bool HasPendingReply => _hasReply;

    /// <summary>Notifications that wait for the link.</summary>
    public int PendingNotifications => _notifications.Count;

    /// <summary>The link was removed from its server.</summary>
    public bool IsRemoved { get; private set; }

    /// <summary>Events of the server's queue that name this link and are not handled yet.</summary>
    internal bool ReceiveQueued { get; set; }

    internal bool TransmitQueued { get; set; }

    void IThreadPoolWorkItem.Execute() => RunDeferred();

    /// <summary>
    /// Replies. A stored reply goes first; if it still cannot, it is dropped. If the link is busy the new one is stored.
    /// </summary>
    internal void Reply(ushort sequenceId, MessageId id, RmError error, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(payload.Length, RpcLimits.MaxReplyPayload, nameof(payload));
        if (_server.IsRunningHere)
        {
            ReplyLocked(sequenceId, id, error, payload);
            return;
        }

        lock (_server.Gate)
            ReplyLocked(sequenceId, id, error, payload);
    }

    /// <summary>
    /// Notifies. Stored notifications go first, so that no notification overtakes another. Every attempt takes a number from the server's
    /// counter, also one that finds the link busy.
    /// </summary>
    internal void Notify(MessageId id, ReadOnlySpan<byte> payload)
    {
        if (_connection.SendFailure != GunyahError.Ok)
            return;
        SendStoredNotifications();
        Statistics.Notifications++;
        if (_connection.TryStartNotification(_server.NextNotificationSequence(), id, payload))
        {
            Send();
            return;
        }

        if (!IsRemoved && _connection.SendFailure == GunyahError.Ok && _notifications.Add(new StoredMessage(id, 0, RmError.Ok, payload)))
            Statistics.NotificationsDropped++;
    }

    /// <summary>The deferred event: the stored reply, then the stored notifications.</summary>
    internal void RunDeferred()
    {
        lock (_server.Gate)
        {
            _deferred = false;
            if (IsRemoved || (_hasReply && !TrySendStoredReply()))
                return;
            SendStoredNotifications();
        }
    }

    /// <summary>The TX interrupt.</summary>
    internal void OnNotFull()
    {
        if (IsRemoved)
            return;
        _connection.QueueNotFull();
        Send();
    }

    /// <summary>The RX interrupt: every packet until the queue is empty; every complete request is handled before the next packet is read.</summary>
    internal void OnNotEmpty(IRpcHandler handler)
    {
        if (_receiving)
            return;
        _receiving = true;
        try
        {
            while (!IsRemoved && TryReceive(out var what))
            {
                if (what.Kind == RpcEventKind.Request)
                    Handle(handler, what.Header);
            }
        }
        finally
        {
            _receiving = false;
            ReleaseSlabs();
        }
    }

    /// <summary>Everything that was stored or half received is gone; nothing is told to the VM.</summary>
    internal void Remove()
    {
        IsRemoved = true;
        _connection.Close();
        _port.NotFull = null;
        _port.NotEmpty = null;
        DropStored();
        ReleaseSlabs();
    }

    private void ReplyLocked(ushort sequenceId, MessageId id, RmError error, ReadOnlySpan<byte> payload)
    {
        if (IsRemoved || _connection.SendFailure != GunyahError.Ok)
            return;
        if (_hasReply && !TrySendStoredReply())
        {
            DropStoredReply();
            Statistics.RepliesDropped++;
        }

        // The stored one may just have ended the link.
        if (IsRemoved || _connection.SendFailure != GunyahError.Ok)
            return;
        Statistics.Replies++;
        if (_connection.TryStartReply(sequenceId, id, error, payload))
        {
            Send();
            return;
        }

        _reply = new StoredMessage(id, sequenceId, error, payload);
        _hasReply = true;
    }

    private void Handle(IRpcHandler handler, RpcHeader header)
    {
        try
        {
            handler.Handle(new RpcRequest(Vmid, header, _connection.Content.Span), new RpcResponder(this, header));
        }
        catch (Exception mistake)
        {
            _server.OnHandlerFailed(mistake);
        }
    }

    private bool TryReceive(out RpcEvent what)
    {
        what = default;
        var received = _port.Receive(_connection.ReceiveWindow);
        // Ok without a byte: a message that does not fit a packet, which hypervisor 23.12 leaves in place. Nothing can remove it.
        if (received.Error == GunyahError.Ok && received.Size > 0)
        {
            what = _connection.PacketReceived(received.Size);
            return true;
        }

        _connection.NothingReceived();
        if (received.Error != GunyahError.MsgQueueEmpty)
            Statistics.ReceiveErrors++;
        return false;
    }

    private bool TrySendStoredReply()
    {
        if (!_connection.TryStartReply(_reply.SequenceId, _reply.Id, _reply.Error, _reply.Payload))
            return false;
        DropStoredReply();
        Send();
        return true;
    }

    private void SendStoredNotifications()
    {
        while (_notifications.Count > 0)
        {
            ref readonly var oldest = ref _notifications.Oldest;
            if (!_connection.TryStartNotification(_server.NextNotificationSequence(), oldest.Id, oldest.Payload))
                return;
            _notifications.RemoveOldest();
            Send();
        }
    }

    /// <summary>Puts packets into the queue until it is full or the message is done. The push flag is never set.</summary>
    private void Send()
    {
        // A port may raise its interrupt inside the send below; the loop then goes on by itself.
        if (_sending)
            return;
        _sending = true;
        try
        {
            while (_connection.TryBeginPacket(out ReadOnlyMemory<byte> packet, out var flags))
                _connection.PacketSent(_port.Send(packet, flags));
        }
        finally
        {
            _sending = false;
            ReleaseSlabs();
        }

        if (IsRemoved)
            return;
        if (_connection.SendFailure != GunyahError.Ok)
        {
            DropStored();
            _server.OnSendFailed(this, _connection.SendFailure);
        }
        else if (!_connection.IsTransmitting && !_deferred && (_hasReply || _notifications.Count > 0))
        {
            _deferred = true;
            _server.Defer(this);
        }
    }

    private void DropStored()
    {
        if (_hasReply)
            DropStoredReply();
        _notifications.Clear();
    }

    private void DropStoredReply()
    {
        _reply.Free();
        _reply = default;
        _hasReply = false;
    }

    private void ReleaseSlabs()
    {
        if (!IsRemoved || _receiving || _sending || _released)
            return;
        _released = true;
        _receiveSlab.Dispose();
        _transmitSlab.Dispose();
    }
}
