using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

public sealed class NotificationTests
{
    private static readonly MessageId s_status = MessageId.VmStatus;

    [Fact]
    public void Readers_get_every_notification_in_order_from_when_they_asked()
    {
        var pair = new RpcPair(UnimplementedHandler.Instance);
        pair.Run(async () =>
        {
            pair.Client.Notification = static _ => { };
            pair.Server.Notify(RpcPair.Vmid, s_status, [0]);
            await Task.Yield();
            await Task.Yield();
            var reader = pair.Client.Notifications();
            for (var i = 1; i <= 20; i++)
                pair.Server.Notify(RpcPair.Vmid, s_status, Packets.Pattern(i * 50, i));
            var next = 1;
            await foreach (var message in reader)
            {
                using var read = message;
                Assert.Equal(s_status, message.Id);
                Assert.Equal(Packets.Pattern(next * 50, next), message.Payload.ToArray());
                if (next++ == 20)
                    break;
            }
        });
        Assert.Equal(0, pair.Context.ForeignPosts);
    }

    [Fact]
    public void A_reader_that_falls_behind_loses_the_oldest_and_the_loss_is_counted()
    {
        var port = new RecordingMsgQueue();
        var client = new RpcClient(port, new RpcClientOptions { NotificationBacklog = 4 });
        var reader = client.Notifications();
        for (var i = 0; i < 10; i++)
            port.Deliver(Packets.Notification(0, s_status, (byte)i));
        Assert.Equal(6, client.Statistics.NotificationsDropped);
        var context = new SingleThreadContext();
        context.Run(async () =>
        {
            await client.DisposeAsync();
            var got = new List<byte>();
            await foreach (var message in reader)
                got.Add(message.Payload.Span[0]);
            Assert.Equal([6, 7, 8, 9], got);
        });
    }

    [Fact]
    public void Two_readers_get_the_same_and_a_cancelled_one_stops()
    {
        var pair = new RpcPair(UnimplementedHandler.Instance);
        pair.Run(async () =>
        {
            using var stop = new CancellationTokenSource();
            var (first, second) = (Collect(pair.Client.Notifications(stop.Token)), Collect(pair.Client.Notifications()));
            pair.Server.Notify(RpcPair.Vmid, s_status, [1]);
            await Turns();
            stop.Cancel();
            await Turns();
            pair.Server.Notify(RpcPair.Vmid, s_status, [2]);
            await Turns();
            await pair.Client.DisposeAsync();
            Assert.Equal([1], await first);
            Assert.Equal([1, 2], await second);
        });
    }

    [Fact]
    public void A_handler_that_throws_fails_its_interrupt_and_the_link_goes_on()
    {
        var port = new RecordingMsgQueue();
        var client = new RpcClient(port);
        client.Notification += notification =>
        {
            if (notification.Payload.Span[0] == 1)
                throw new InvalidOperationException("the handler's own mistake");
        };
        Assert.Throws<InvalidOperationException>(() => port.Deliver(Packets.Notification(0, s_status, 1)[0], Packets.Notification(0, s_status, 2)[0]));
        Assert.Equal(0, port.Waiting);
        port.Deliver(Packets.Notification(0, s_status, 3));
        Assert.Equal(3, client.Statistics.Notifications);
    }

    private static async Task Turns()
    {
        for (var i = 0; i < 20; i++)
            await Task.Yield();
    }

    private static async Task<List<byte>> Collect(IAsyncEnumerable<RpcNotificationMessage> reader)
    {
        var got = new List<byte>();
        try
        {
            await foreach (var message in reader)
                got.Add(message.Payload.Span[0]);
        }
        catch (OperationCanceledException)
        {
            return got;
        }

        return got;
    }
}
