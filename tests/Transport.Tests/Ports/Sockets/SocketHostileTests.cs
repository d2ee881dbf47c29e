using System.Runtime.InteropServices;
using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Ports.Sockets;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Ports.Sockets;

/// <summary>Peers that do what they should not.</summary>
public sealed partial class SocketHostileTests
{
    [Fact]
    public async Task An_empty_datagram_is_dropped_and_is_not_the_end()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        raw.Send(Array.Empty<byte>());
        raw.Send(Array.Empty<byte>());
        raw.Send([7]);
        await SocketBench.Until(() => port.Statistics.PacketsReceived == 1);
        Assert.Equal([7], port.Take());
        Assert.Equal(2, port.Statistics.DroppedEmpty);
        Assert.False(port.Closed.IsCompleted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public async Task Empty_datagrams_just_before_the_end_are_told_from_it(int count)
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        for (var i = 0; i < count; i++)
            raw.Send(Array.Empty<byte>());
        raw.Dispose();
        await port.Closed.WaitAsync(SocketBench.Patience);
        Assert.Equal(count, port.Statistics.DroppedEmpty);
    }

    [Fact]
    public async Task A_datagram_longer_than_a_packet_is_dropped_as_a_whole_and_its_true_size_is_known()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        raw.Send(new byte[240]);
        foreach (var size in (int[])[241, 5000, 1000])
            raw.Send(new byte[size]);
        raw.Send([7]);
        await SocketBench.Until(() => port.Statistics.PacketsReceived == 2);
        Assert.Equal(240, port.Take().Length);
        Assert.Equal([7], port.Take());
        var statistics = port.Statistics;
        Assert.Equal((3, 6241, 5000), (statistics.DroppedTooLong, statistics.BytesTooLong, statistics.LongestDropped));
        Assert.Equal(241, statistics.BytesReceived);
    }

    [Fact]
    public async Task Descriptors_that_a_peer_passes_are_not_taken()
    {
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In, HandleInheritability.None);
        var passed = pipe.ClientSafePipeHandle;
        for (var i = 0; i < 50; i++)
            PassDescriptor(raw.SafeHandle, passed);
        await SocketBench.Until(() =>
        {
            port.Receive(new byte[240]);
            return port.Statistics.PacketsReceived == 50;
        });
        // Were a copy of the writing end still open, reading would not come to an end.
        pipe.DisposeLocalCopyOfClientHandle();
        Assert.Equal(-1, await Task.Run(pipe.ReadByte).WaitAsync(SocketBench.Patience));
    }

    [Fact]
    public async Task Garbage_ends_nothing_and_the_next_request_is_answered()
    {
        var random = new SeededRandom(21);
        using var bench = new SocketBench();
        var (raw, port) = await bench.RawPair();
        using var server = new RpcServer(DelegateHandler.Echo);
        var link = server.AddLink(3, port);
        for (var i = 0; i < 3000; i++)
        {
            var bytes = random.Bytes(random.Next(300));
            // Half of them begin like a message, with a type that may be anything.
            if (bytes.Length > 1 && random.OneIn(2))
                (bytes[0], bytes[1]) = (0x21, (byte)(bytes[1] & 0xFE));
            raw.Send(bytes);
        }

        var wanted = Packets.Request(77, MessageId.VmGetState, 1, 2, 3)[0];
        raw.Send(wanted);
        var reply = Packets.Reply(77, MessageId.VmGetState, RmError.Ok, 1, 2, 3)[0];
        var buffer = new byte[300];
        raw.ReceiveTimeout = (int)SocketBench.Patience.TotalMilliseconds;
        int size;
        do
            size = raw.Receive(buffer);
        while (!buffer.AsSpan(0, size).SequenceEqual(reply));
        Assert.Equal(3001, port.Statistics.PacketsReceived + port.Statistics.Dropped);
        Assert.Equal(port.Statistics.PacketsReceived, link.Statistics.PacketsReceived);
    }

    [Fact]
    public async Task A_client_that_vanishes_in_the_middle_of_a_message_leaves_the_others_alone()
    {
        using var bench = new SocketBench();
        using var server = new RpcServer(DelegateHandler.Echo);
        var (raw, broken) = await bench.RawPair();
        server.AddLink(1, broken);
        var (clientPort, serverPort) = await bench.Pair();
        server.AddLink(2, serverPort);
        var packets = Packets.Request(5, MessageId.VmGetState, Packets.Pattern(2000));
        foreach (var packet in packets.Take(4))
            raw.Send(packet);
        raw.Dispose();
        await broken.Closed.WaitAsync(SocketBench.Patience);
        Assert.Equal(0, server.FindLink(1)!.Statistics.Requests);
        Assert.True(server.RemoveLink(1));
        await using var client = new RpcClient(clientPort);
        using var result = await client.CallAsync(MessageId.VmGetState, Packets.Pattern(2000)).AsTask().WaitAsync(SocketBench.Patience);
        Assert.Equal(Packets.Pattern(2000), result.Payload.ToArray());
    }

    [Fact]
    public async Task A_client_that_never_reads_stops_only_itself()
    {
        using var bench = new SocketBench();
        using var server = new RpcServer(DelegateHandler.Echo);
        var (raw, stuckPort) = await bench.RawPair();
        var stuck = server.AddLink(1, stuckPort);
        var (clientPort, serverPort) = await bench.Pair();
        server.AddLink(2, serverPort);
        // More requests than replies fit anywhere.
        raw.Blocking = true;
        var packet = Packets.Request(5, MessageId.VmGetState, Packets.Pattern(200))[0];
        for (var i = 0; i < 500; i++)
            raw.Send(packet);
        await SocketBench.Until(() => stuck.Statistics.Requests == 500);
        Assert.True(stuck.IsBusy);
        Assert.Equal(500, stuck.Statistics.Replies);
        Assert.True(stuck.Statistics.RepliesDropped > 450);
        await using var client = new RpcClient(clientPort);
        for (var i = 0; i < 100; i++)
        {
            using var result = await client.CallAsync(MessageId.VmGetState, Packets.Pattern(300)).AsTask().WaitAsync(SocketBench.Patience);
            Assert.Equal(RpcCallStatus.Ok, result.Status);
        }
    }

    [Fact]
    public async Task A_flood_on_one_connection_does_not_starve_another()
    {
        using var bench = new SocketBench();
        using var server = new RpcServer(DelegateHandler.Echo);
        var (raw, floodedPort) = await bench.RawPair();
        var flooded = server.AddLink(1, floodedPort);
        var (clientPort, serverPort) = await bench.Pair();
        server.AddLink(2, serverPort);
        raw.Blocking = true;
        using var stop = new CancellationTokenSource();
        var sent = 0L;
        var flood = SocketBench.OnThread(() =>
        {
            var packet = Packets.Raw(RpcMessageType.Notification, 0, 1, MessageId.VmStatus, 1, 2, 3);
            for (; !stop.IsCancellationRequested; sent++)
                raw.Send(packet);
        });
        await using var client = new RpcClient(clientPort);
        for (var i = 0; i < 100; i++)
        {
            using var result = await client.CallAsync(MessageId.VmGetState, Packets.Pattern(300)).AsTask().WaitAsync(SocketBench.Patience);
            Assert.Equal(RpcCallStatus.Ok, result.Status);
        }

        await stop.CancelAsync();
        await flood.WaitAsync(SocketBench.Patience);
        await SocketBench.Until(() => flooded.Statistics.Ignored == sent);
        Assert.True(sent > 0);
    }

    private static unsafe void PassDescriptor(SafeHandle socket, SafeHandle descriptor)
    {
        // struct cmsghdr { size_t len; int level; int type; int descriptor; }
        Span<byte> control = stackalloc byte[24];
        control.Clear();
        BitConverter.TryWriteBytes(control, 20L);
        BitConverter.TryWriteBytes(control[8..], 1);
        BitConverter.TryWriteBytes(control[12..], 1);
        BitConverter.TryWriteBytes(control[16..], (int)descriptor.DangerousGetHandle());
        Span<byte> bytes = [1, 2, 3];
        fixed (byte* controlStart = control)
        fixed (byte* bytesStart = bytes)
        {
            var vector = new Libc.IoVector { Base = bytesStart, Length = (nuint)bytes.Length };
            var header = new Libc.MessageHeader { Vectors = &vector, VectorCount = 1, Control = controlStart, ControlLength = (nuint)control.Length };
            Assert.Equal(bytes.Length, SendMessage(socket, &header, 0));
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static unsafe partial nint SendMessage(SafeHandle socket, Libc.MessageHeader* header, int flags);
}
