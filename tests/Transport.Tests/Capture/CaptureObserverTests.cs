using System.Buffers;
using RmStack.Protocol.Hypercalls;
using RmStack.Testing;
using RmStack.Transport.Capture;
using RmStack.Transport.Ports;
using RmStack.Transport.Tests.Rpc;

namespace RmStack.Transport.Tests.Capture;

/// <summary>Captures of a port.</summary>
[Collection(AloneCollection.Name)]
public sealed class CaptureObserverTests
{
    [Fact]
    public void What_crosses_a_port_is_in_the_capture_and_what_does_not_is_not()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output);
        var now = 10UL;
        var (client, server) = LoopbackPort.CreatePair(new LoopbackQueueOptions { Depth = 2 });
        var port = new ObservedPort(client, new CaptureObserver(writer, writer.AddLink(3, "HLOS"), () => now++));
        var buffer = new byte[240];
        port.Send(new byte[] { 1 }, MsgQueueFlags.None);
        port.Send(new byte[] { 2 }, MsgQueueFlags.Push);
        Assert.Equal(GunyahError.MsgQueueFull, port.Send(new byte[] { 3 }, MsgQueueFlags.Push).Error);
        server.Receive(buffer);
        server.Send(new byte[] { 4, 5 }, MsgQueueFlags.Push);
        Assert.Equal(2, port.Receive(buffer).Size);
        Assert.Equal(GunyahError.MsgQueueEmpty, port.Receive(buffer).Error);
        Assert.Equal(
            [
                new Kept("vm0x3", 147, CaptureDirection.ToRm, 10, "01", 1, null),
                new Kept("vm0x3", 147, CaptureDirection.ToRm, 11, "02", 1, "push, queue full"),
                new Kept("vm0x3", 147, CaptureDirection.FromRm, 12, "0405", 2, null),
            ],
            CaptureFiles.Read(output.WrittenSpan.ToArray()).Packets);
    }

    [Theory]
    [InlineData(MsgQueueFlags.None, true, "")]
    [InlineData(MsgQueueFlags.None, false, "queue full")]
    [InlineData(MsgQueueFlags.Push, true, "push")]
    [InlineData(MsgQueueFlags.Push, false, "push, queue full")]
    public void Comments_say_what_the_bytes_do_not(MsgQueueFlags flags, bool notFull, string comment) =>
        Assert.Equal(comment, System.Text.Encoding.UTF8.GetString(CaptureComments.OfSend(flags, notFull)));

    [Fact]
    public void Writing_a_packet_allocates_nothing()
    {
        var output = new ArrayBufferWriter<byte>(1 << 20);
        var writer = new PcapngWriter(output);
        writer.AddLink(3, "HLOS");
        var packet = Packets.Pattern(240);
        Write();
        // What a packet allocates shows in every round; what the runtime does on this thread now and then does not.
        var least = long.MaxValue;
        for (var round = 0; round < 20 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var n = 0; n < 10; n++) Write();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        return;

        void Write()
        {
            output.ResetWrittenCount();
            for (var n = 0; n < 1000; n++) writer.Write(0, CaptureDirection.ToRm, (ulong)n, packet, "push"u8);
        }
    }
}
