using System.Buffers;
using System.Text;
using RmStack.Protocol;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports;
using RmStack.Transport.Rpc;
using RmStack.Transport.Tests.Rpc;

namespace RmStack.Transport.Tests.Capture;

/// <summary>Captures of ports.</summary>
[Collection(AloneCollection.Name)]
public sealed class CaptureLogTests
{
    [Theory]
    [InlineData(LinkEnd.Vm, CaptureDirection.ToRm, CaptureDirection.FromRm)]
    [InlineData(LinkEnd.ResourceManager, CaptureDirection.FromRm, CaptureDirection.ToRm)]
    public void What_crosses_a_port_is_in_the_capture_and_what_does_not_is_not(LinkEnd end, CaptureDirection sent, CaptureDirection received)
    {
        var clock = new ManualTimeProvider();
        var file = new MemoryStream();
        var log = new CaptureLog(file, clock);
        var (client, server) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = 2 });
        var port = log.Attach(client, 3, "HLOS", end);
        var buffer = new byte[240];
        port.Send(new byte[] { 1 }, MsgQueueFlags.None);
        clock.Advance(TimeSpan.FromMicroseconds(1));
        port.Send(new byte[] { 2 }, MsgQueueFlags.Push);
        Assert.Equal(GunyahError.MsgQueueFull, port.Send(new byte[] { 3 }, MsgQueueFlags.Push).Error);
        server.Receive(buffer);
        Assert.Equal(GunyahError.ArgumentSize, port.Send(default, MsgQueueFlags.Push).Error);
        server.Send(new byte[] { 4, 5 }, MsgQueueFlags.Push);
        clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(2, port.Receive(buffer).Size);
        Assert.Equal(GunyahError.MsgQueueEmpty, port.Receive(buffer).Error);
        Assert.Equal((3, 0), (log.Packets, log.Missing));
        log.Dispose();
        Assert.Equal(
            [
                new Kept("vm0x3", 147, sent, 0, "01", 1, null),
                new Kept("vm0x3", 147, sent, 1000, "02", 1, "push, queue full"),
                new Kept("vm0x3", 147, received, 2000, "0405", 2, null),
            ],
            CaptureFiles.Read(file.ToArray()).Packets);
    }

    [Fact]
    public void Several_links_share_a_file_and_the_port_behaves_as_before()
    {
        var file = new MemoryStream();
        using var log = new CaptureLog(file, new ManualTimeProvider());
        var context = new SingleThreadContext();
        context.Run(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            for (ushort vmid = 1; vmid <= 3; vmid++)
            {
                var (clientPort, serverPort) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = vmid }, context, context);
                server.AddLink(vmid, log.Attach(serverPort, vmid, "guest", LinkEnd.ResourceManager));
                await using var client = new RpcClient(log.Attach(clientPort, vmid, "guest"));
                using var result = await client.CallAsync(MessageId.VmGetState, Packets.Pattern(1000));
                Assert.Equal(Packets.Pattern(1000), result.Payload.ToArray());
            }
        });
        log.Flush();
        var packets = CaptureFiles.Read(file.ToArray()).Packets;
        Assert.Equal(3 * 2 * 2 * 5, packets.Count);
        Assert.Equal<string?>(["vm0x1", "vm0x2", "vm0x3"], packets.Select(packet => packet.Interface).Distinct());
    }

    [Fact]
    public async Task No_answer_is_before_its_question_whoever_is_faster()
    {
        var file = new MemoryStream();
        var log = new CaptureLog(file, new ManualTimeProvider());
        var (clientPort, serverPort) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = 64 });
        await Task.Run(async () =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(3, serverPort);
            await using var client = new RpcClient(log.Attach(clientPort, 3, "HLOS"));
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 500; i++)
                {
                    using var result = await client.CallAsync(MessageId.VmGetState, new byte[8]);
                }
            })));
        });
        log.Dispose();
        var packets = CaptureFiles.Read(file.ToArray()).Packets;
        Assert.Equal(4000, packets.Count);
        var open = new HashSet<string>();
        foreach (var packet in packets)
        {
            var sequence = packet.Data[4..8];
            if (packet.Direction == CaptureDirection.ToRm)
                Assert.True(open.Add(sequence));
            else
                Assert.True(open.Remove(sequence), "an answer without a question");
        }
    }

    [Fact]
    public void A_packet_waits_for_the_send_before_it_and_not_for_one_that_was_refused()
    {
        var file = new MemoryStream();
        var inner = new RecordingMsgQueue();
        var log = new CaptureLog(file, new ManualTimeProvider(), leaveOpen: true);
        var port = log.Attach(inner, 3, "HLOS");
        inner.DuringSend = () =>
        {
            inner.Put([9]);
            port.Receive(new byte[240]);
            Assert.Equal(0, log.Packets);
        };
        port.Send(new byte[] { 1 }, MsgQueueFlags.None);
        Assert.Equal(2, log.Packets);
        inner.DuringSend = () => throw new TimeoutException();
        Assert.Throws<TimeoutException>(() => port.Send(new byte[] { 2 }, MsgQueueFlags.None));
        inner.DuringSend = null;
        inner.Put([8]);
        port.Receive(new byte[240]);
        log.Dispose();
        Assert.Equal(["01", "09", "08"], CaptureFiles.Read(file.ToArray()).Packets.Select(packet => packet.Data));
    }

    [Fact]
    public void A_stream_that_fails_ends_the_capture_and_not_the_link()
    {
        var log = new CaptureLog(new FullStream(), new ManualTimeProvider());
        var inner = new RecordingMsgQueue();
        var port = log.Attach(inner, 3, "HLOS");
        port.Send(new byte[] { 1 }, MsgQueueFlags.None);
        log.Flush();
        Assert.Equal("disk full", log.Failure!.Message);
        Assert.Equal(GunyahError.Ok, port.Send(new byte[] { 2 }, MsgQueueFlags.None).Error);
        Assert.Equal(1, log.Missing);
        log.Dispose();
        log.Dispose();
        Assert.Equal(2, inner.Sent.Count);
    }

    [Fact]
    public void A_port_outlives_the_log()
    {
        var file = new MemoryStream();
        var log = new CaptureLog(file, new ManualTimeProvider());
        var inner = new RecordingMsgQueue();
        var port = log.Attach(inner, 3, "HLOS");
        log.Dispose();
        inner.Put([1]);
        Assert.Equal(1, port.Receive(new byte[240]).Size);
        Assert.Equal(1, log.Missing);
        Assert.Empty(CaptureFiles.Read(file.ToArray()).Packets);
    }

    [Theory]
    [InlineData(MsgQueueFlags.None, true, "")]
    [InlineData(MsgQueueFlags.None, false, "queue full")]
    [InlineData(MsgQueueFlags.Push, true, "push")]
    [InlineData(MsgQueueFlags.Push, false, "push, queue full")]
    public void Comments_say_what_the_bytes_do_not(MsgQueueFlags flags, bool notFull, string comment)
    {
        Assert.Equal(comment, Encoding.UTF8.GetString(CaptureComments.OfSend(flags, notFull)));
        Assert.Equal(((flags & MsgQueueFlags.Push) != MsgQueueFlags.None, !notFull), (CaptureComments.SaysPush(comment), CaptureComments.SaysQueueFull(comment)));
    }

    [Fact]
    public void A_packet_that_is_captured_allocates_nothing()
    {
        var (client, server) = LoopbackPort.CreatePair();
        using var log = new CaptureLog(Stream.Null, new ManualTimeProvider());
        var from = log.Attach(client, 3, "HLOS");
        var to = log.Attach(server, 3, "HLOS", LinkEnd.ResourceManager);
        var packet = Packets.Pattern(240);
        Cross();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 100; n++)
            Cross();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, log.Missing);
        return;

        void Cross()
        {
            for (var n = 0; n < 1000; n++)
            {
                from.Send(packet, MsgQueueFlags.Push);
                to.Receive(packet);
            }
        }
    }

    [Fact]
    public void Writing_a_packet_allocates_nothing()
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var writer = new PcapngWriter(output);
        writer.AddLink(3, "HLOS");
        var packet = Packets.Pattern(240);
        Write();
        // What is left of the runtime's own work on this thread shows once; what a packet allocates shows in every round.
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < 100; n++)
                Write();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        return;

        void Write()
        {
            output.ResetWrittenCount();
            for (var n = 0; n < 1000; n++)
                writer.Write(0, CaptureDirection.ToRm, (ulong)n, packet, "push"u8);
        }
    }

    private sealed class FullStream : MemoryStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => throw new IOException("disk full");
    }
}
