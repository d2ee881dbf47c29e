namespace RmStack.Transport.Ports.Sockets;

/// <content>What runs on the loop's thread.</content>
public sealed partial class SocketPort
{
    private static readonly SendOrPostCallback s_resume = static state =>
    {
        var port = (SocketPort)state!;
        port.Loop.Ready(port);
    };

    private static readonly SendOrPostCallback s_deliver = static state => ((SocketPort)state!).DeliverPending();

    internal bool HasEnded => _end is not null;

    /// <summary>
    /// Moves datagrams from the socket into the queue while there is room. True when there were any; the port is queued again when there may be
    /// more.
    /// </summary>
    internal bool Read(int most)
    {
        var any = false;
        for (; most > 0; most--)
        {
            if (!HasRoom())
                return any;
            var slot = _ring.Free;
            var datagram = SeqPacket.Receive(_handle, slot);
            switch (datagram.Kind)
            {
                case DatagramKind.None:
                    return any;
                case DatagramKind.Datagram:
                    any = true;
                    Take(datagram.Length);
                    break;
                case DatagramKind.Reset:
                    // Told once, before what the peer sent.
                    _peerReset = true;
                    break;
                case DatagramKind.End:
                    End(new SocketPortEnd(_peerReset ? SocketPortEndReason.PeerReset : SocketPortEndReason.PeerClosed));
                    return any;
                default:
                    End(new SocketPortEnd(SocketPortEndReason.Failed, datagram.Errno));
                    return any;
            }
        }

        Loop.Ready(this);
        return any;
    }

    /// <summary>The socket takes packets again, or says why not.</summary>
    internal void RoomCame()
    {
        lock (_gate)
        {
            if (!_waitsForRoom)
                return;
            _waitsForRoom = false;
            if (_end is null)
                Loop.WatchRoom(this, _handle, on: false);
        }

        Raise(ref _notFull, ref _notFullPending);
    }

    /// <summary>Closes the port, on any thread.</summary>
    internal void End(SocketPortEnd end)
    {
        lock (_gate)
        {
            if (_end is not null)
                return;
            _end = end;
            _notFullPending = _notEmptyPending = end.Reason != SocketPortEndReason.Disposed;
        }

        Loop.Remove(this);
        _socket.Dispose();
        if (Loop.IsCurrent)
            DeliverPending();
        _closed.SetResult(end);
    }

    private bool HasRoom()
    {
        lock (_gate)
        {
            _paused = _ring.Count == _ring.Depth;
            return !_paused && _end is null;
        }
    }

    private void Take(int length)
    {
        if (length == 0)
        {
            Statistics.Empty();
            return;
        }

        if (length > _ring.PacketSize)
        {
            Statistics.TooLong(length);
            return;
        }

        bool first;
        lock (_gate)
        {
            if (_end is not null)
                return;
            first = _ring.Add(length);
        }

        Statistics.Received(length);
        if (first)
            Raise(ref _notEmpty, ref _notEmptyPending);
    }

    private void Raise(ref Action? handler, ref bool pending)
    {
        Action? call;
        lock (_gate)
        {
            call = handler;
            pending = call is null;
        }

        if (call is not null)
            Loop.Invoke(call);
    }

    private void SetHandler(ref Action? handler, Action? value, ref bool pending)
    {
        lock (_gate)
        {
            Volatile.Write(ref handler, value);
            if (value is null || !pending)
                return;
        }

        Loop.Post(s_deliver, this);
    }

    private void DeliverPending()
    {
        Action? full, empty;
        lock (_gate)
        {
            full = _notFullPending ? _notFull : null;
            empty = _notEmptyPending ? _notEmpty : null;
            _notFullPending &= full is null;
            _notEmptyPending &= empty is null;
        }

        if (empty is not null)
            Loop.Invoke(empty);
        if (full is not null)
            Loop.Invoke(full);
    }
}
