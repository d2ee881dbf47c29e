using System.Buffers;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>One caller's, reader's or handler's mistake is nobody else's: the link and all others on it go on.</summary>
public sealed class CallersMistakeTests
{
#pragma warning disable CA2012 // Calls and reads that nobody awaits are the subject.

    private static readonly MessageId s_id = MessageId.VmGetState;
    private static readonly MessageId s_status = MessageId.VmStatus;
    private readonly RecordingMsgQueue _port = new();
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void A_reader_whose_context_is_gone_does_not_make_the_client_deaf()
    {
        var client = new RpcClient(_port);
        var context = new MortalContext();
        var reader = client.Notifications().GetAsyncEnumerator();
        context.Run(() => reader.MoveNextAsync().GetAwaiter().OnCompleted(static () => { }));
        context.Dead = true;
        Assert.Throws<InvalidOperationException>(() => _port.Deliver(Packets.Notification(0, s_status, 1)));
        var call = client.Open(s_id);
        _port.Deliver(Packets.Reply(0, s_id, RmError.Ok));
        Assert.True(call.HasEnded);
    }

    [Fact]
    public async Task Disposing_ends_everything_although_a_callers_context_is_gone()
    {
        var client = new RpcClient(_port);
        var context = new MortalContext();
        context.Run(() => Await(client));
        context.Dead = true;
        var next = client.Notifications().GetAsyncEnumerator().MoveNextAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await client.DisposeAsync());
        Assert.True(next.IsCompleted);
        Assert.False(await next);
    }

    [Fact]
    public void The_other_deadlines_stay_although_a_callers_context_is_gone()
    {
        var client = new RpcClient(_port, new RpcClientOptions { TimeProvider = _clock });
        var context = new MortalContext();
        context.Run(() => Await(client, TimeSpan.FromSeconds(1)));
        context.Dead = true;
        var second = client.CallAsync(s_id, new byte[1], TimeSpan.FromSeconds(2));
        Assert.Throws<InvalidOperationException>(() => _clock.Advance(TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(second.IsCompleted);
    }

    [Fact]
    public void A_notification_handlers_mistake_is_not_the_first_callers()
    {
        _port.Put(Packets.Notification(0, s_status, 1));
        var client = new RpcClient(_port);
        Assert.Throws<InvalidOperationException>(() => client.Notification = static _ => throw new InvalidOperationException("the handler's own mistake"));
        Assert.False(client.Open(s_id).HasEnded);
        Assert.Equal(1, client.OpenCalls);
    }

    [Fact]
    public void A_mistake_in_SendFailed_leaves_the_other_links_their_interrupts()
    {
        var context = new SingleThreadContext();
        var other = new RecordingMsgQueue();
        RpcServer server = null!;
        context.Run(() =>
        {
            server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(1, _port);
            server.AddLink(2, other);
            server.SendFailed = (_, _) => throw new InvalidOperationException("its own mistake");
            _port.Room = 1;
            server.Notify(1, s_status, new byte[400]);
            other.Put(Packets.Request(0, s_id, 1));
            _port.FailSends(GunyahError.CspaceCapRevoked);
            // Both interrupts wait for the server: the other link's is raised inside this one's send.
            _port.DuringSend = () =>
            {
                _port.DuringSend = null;
                other.NotEmpty!();
            };
            _port.Room = 10;
            Assert.Throws<InvalidOperationException>(() => _port.NotFull!());
            other.Deliver(Packets.Request(1, s_id, 1));
        });
        Assert.Equal(2, other.Sent.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_that_answers_early_and_stops_reading_cannot_keep_a_call_beyond_its_deadline(bool answersBeforeTheDeadline)
    {
        var connection = RpcConnection.CreateClient(new RpcClientOptions(), new byte[RpcConnection.ReceiveBufferSize], new byte[RpcLimits.PacketSize]);
        Assert.Equal(RpcCallStatus.Pending, connection.Start(new RpcCall(), s_id, new byte[600], deadline: 10));
        Assert.True(connection.TryBeginPacket(out ReadOnlyMemory<byte> _, out _));
        connection.PacketSent(new MsgQueueSendResult(GunyahError.Ok, NotFull: true));
        if (answersBeforeTheDeadline)
            Answer();
        Assert.True(connection.TryBeginPacket(out ReadOnlyMemory<byte> _, out _));
        connection.Expire(10);
        if (!answersBeforeTheDeadline)
            Answer();
        connection.PacketSent(new MsgQueueSendResult(GunyahError.MsgQueueFull, NotFull: false));
        Assert.True(connection.TryTakeEnded(out var ended));
        Assert.Equal(RpcCallStatus.Ok, ended!.Status);
        return;

        void Answer()
        {
            var reply = Packets.Reply(0, s_id, RmError.Ok)[0];
            reply.CopyTo(connection.ReceiveWindow);
            connection.PacketReceived(reply.Length);
        }
    }

    [Fact]
    public void An_infinite_timeout_is_none_and_a_negative_one_is_refused()
    {
        var client = new RpcClient(_port, new RpcClientOptions { TimeProvider = _clock });
        var call = client.CallAsync(s_id, new byte[1], Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromDays(1));
        Assert.False(call.IsCompleted);
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = client.CallAsync(s_id, new byte[1], TimeSpan.FromSeconds(-2)); });
    }

    [Fact]
    public void A_client_that_only_listens_hears_what_its_predecessor_left_in_the_queue()
    {
        var context = new SingleThreadContext();
        var (mine, peer) = LoopbackPort.CreatePair(null, context, context);
        RpcClient first = null!;
        first = new RpcClient(mine) { Notification = notification => first.DisposeAsync().AsTask().Wait() };
        peer.Send(Packets.Notification(0, s_status, 1)[0], MsgQueueFlags.None);
        peer.Send(Packets.Notification(1, s_status, 2)[0], MsgQueueFlags.None);
        context.RunUntilIdle();
        var heard = 0;
        _ = new RpcClient(mine) { Notification = _ => heard++ };
        peer.Send(Packets.Notification(2, s_status, 3)[0], MsgQueueFlags.None);
        context.RunUntilIdle();
        Assert.Equal(2, heard);
    }

    [Fact]
    public void Nothing_is_received_before_somebody_can_hear_it()
    {
        var client = new RpcClient(_port);
        _port.Put(Packets.Notification(0, s_status, 1));
        _port.NotEmpty?.Invoke();
        Assert.Equal(1, _port.Waiting);
        var heard = 0;
        client.Notification = _ => heard++;
        Assert.Equal((1, 0), (heard, _port.Waiting));
    }

    [Fact]
    public void Refused_links_and_clients_keep_no_buffers()
    {
        var pool = new CountingPool();
        using var server = new RpcServer(UnimplementedHandler.Instance);
        server.AddLink(1, new PoolPort(pool, _port));
        var before = pool.Outstanding;
        Assert.Throws<ArgumentException>(() => server.AddLink(1, new PoolPort(pool, new RecordingMsgQueue())));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RpcClient(new PoolPort(pool, new RecordingMsgQueue()), new RpcClientOptions { MaxRequestContent = 100_000 }));
        Assert.Equal(before, pool.Outstanding);
    }

    [Fact]
    public void A_link_that_is_removed_inside_a_send_gives_its_buffers_back()
    {
        var pool = new CountingPool();
        RpcServer server = null!;
        server = new RpcServer(new DelegateHandler((in request, responder) => server.RemoveLink(1)));
        server.AddLink(1, new PoolPort(pool, _port));
        _port.Put(Packets.Request(0, s_id, 1));
        _port.DuringSend = () =>
        {
            _port.DuringSend = null;
            _port.NotEmpty?.Invoke();
        };
        server.Notify(1, s_status, [1]);
        Assert.Null(server.FindLink(1));
        Assert.Equal(0, pool.Outstanding);
    }

    private static void Await(RpcClient client, TimeSpan? timeout = null)
    {
        client.CallAsync(s_id, new byte[1], timeout).GetAwaiter().OnCompleted(static () => { });
    }

    /// <summary>A context that runs what is posted at once, until it is shut down.</summary>
    private sealed class MortalContext : SynchronizationContext
    {
        public bool Dead { get; set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            if (Dead)
                throw new InvalidOperationException("The context was shut down.");
            d(state);
        }

        public override SynchronizationContext CreateCopy() => this;

        public void Run(Action body)
        {
            var before = Current;
            SetSynchronizationContext(this);
            body();
            SetSynchronizationContext(before);
        }
    }

    private sealed class PoolPort(MemoryPool<byte> pool, RecordingMsgQueue inner) : IMsgQueuePort
    {
        public MemoryPool<byte> Buffers => pool;

        public Action? NotFull
        {
            get => inner.NotFull;
            set => inner.NotFull = value;
        }

        public Action? NotEmpty
        {
            get => inner.NotEmpty;
            set => inner.NotEmpty = value;
        }

        public MsgQueueSendResult Send(ReadOnlyMemory<byte> message, MsgQueueFlags flags) => inner.Send(message, flags);

        public MsgQueueReceiveResult Receive(Memory<byte> buffer) => inner.Receive(buffer);
    }
}
