using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Transport.Ports.Sockets;

namespace RmStack.Cli.Tests.Serve;

/// <summary>Clients that mean no good, or die: the server stays up, stays bounded, and says what it dropped.</summary>
public class HostileClientTests
{
    private static readonly byte[] s_vmid = [3, 0, 0, 0];

    [Fact]
    public async Task Many_machines_at_once_are_apart()
    {
        const int Machines = 64;
        const long MuchLessThanTheirRam = 4L << 30;
        var before = Environment.WorkingSet;
        await using var server = await ServeCommand.StartAsync();
        var clients = Enumerable.Range(0, Machines).Select(_ => new RawClient(server.Socket)).ToList();
        for (var round = 0; round < 3; round++)
        {
            // Each gets the first dynamic VMID and then the next: none sees the others'.
            foreach (var client in clients)
                Assert.Equal((byte)(0x80 + round), client.Call(MessageId.VmAllocate, (ushort)round, 0, 0, 0, 0)[12]);
        }

        Assert.True(Environment.WorkingSet - before < MuchLessThanTheirRam, "a machine costs what it uses, not what it has");
        foreach (var client in clients) client.Dispose();
        for (var n = 1; n <= Machines; n++) Assert.EndsWith("3 packets to the Resource Manager, 3 from it, 0 guests run; nothing was dropped", await server.Closed(n), StringComparison.Ordinal);
        Assert.Equal((0, ""), await server.StopAsync());
        Assert.EndsWith("stopped after 64 connections\n", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_vanishes_in_the_middle_of_a_message_is_told_of()
    {
        await using var server = await ServeCommand.StartAsync();
        using (var client = new RawClient(server.Socket))
        {
            client.Send(ConnectionTests.Packet(RpcMessageType.Request, 2, MessageId.MemLend, 1, new byte[232]));
            client.Send(ConnectionTests.Packet(RpcMessageType.Continuation, 2, MessageId.MemLend, 1, new byte[232]));
        }

        Assert.EndsWith(
            "closed, the client closed it; 2 packets to the Resource Manager, 0 from it, 0 guests run; dropped: 1 messages that never became complete",
            await server.Closed(1),
            StringComparison.Ordinal);
        StillServes(server);
    }

    [Fact]
    public async Task Garbage_is_dropped_by_the_rules_of_the_resource_manager_and_counted()
    {
        await using var server = await ServeCommand.StartAsync("--json");
        using (var client = new RawClient(server.Socket))
        {
            client.Send([]);
            client.Send(new byte[241]);
            client.Send(new byte[4000]);
            client.Send(1, 2, 3);
            client.Send(0x22, 1, 0, 0, 0x24, 0, 0, 0x56);
            client.Send(0x31, 1, 0, 0, 0x24, 0, 0, 0x56);
            client.Send(0x21, 0xfd, 0, 0, 0x24, 0, 0, 0x56);
            client.Send(ConnectionTests.Packet(RpcMessageType.Continuation, 1, MessageId.VmGetVmid, 1));
            client.Send(ConnectionTests.Packet(RpcMessageType.Reply, 0, MessageId.VmGetVmid, 1, 0, 0, 0, 0));
            client.Send(ConnectionTests.Packet(RpcMessageType.Notification, 0, MessageId.VmExited, 1, 0, 0, 0, 0));
            client.Send([]);

            // Nothing of all that is answered, and what follows it is.
            Assert.Equal(s_vmid, client.Call(MessageId.VmGetVmid, 7)[12..]);
        }

        var closed = await server.Line("\"closed\"");
        using var report = System.Text.Json.JsonDocument.Parse(closed);
        Assert.Equal("the client closed it", report.RootElement.GetProperty("reason").GetString());
        Assert.Equal(8, report.RootElement.GetProperty("packetsToRm").GetInt32());
        Assert.Equal(1, report.RootElement.GetProperty("packetsFromRm").GetInt32());
        var dropped = report.RootElement.GetProperty("dropped").EnumerateObject().Select(property => (property.Name, property.Value.GetInt32()));
        Assert.Equal(
            [("empty", 2), ("oversize", 2), ("tooShort", 1), ("badVersion", 1), ("badHeaderWords", 1), ("badFragmentCount", 1), ("strayContinuation", 1), ("ignored", 2)],
            dropped);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_never_reads_loses_replies_and_holds_nobody_up(bool silently)
    {
        await using var server = await ServeCommand.StartAsync();
        using (var client = new RawClient(server.Socket))
        {
            // Far more answers than all queues between them hold.
            for (var n = 0; n < 2000; n++) client.Send(ConnectionTests.Packet(MessageId.VmGetVmid, (ushort)n));
            StillServes(server);

            // The answer to the last request is never the one that is dropped: when the client reads at last, it is there.
            if (!silently)
                while (RpcHeader.Read(client.Receive()).SequenceId != 1999)
                    continue;
        }

        var closed = await server.Closed(1);
        Assert.Matches("[0-9]{4} replies that the Resource Manager dropped because the client did not read", closed);
        Assert.Equal(silently, closed.Contains("packets for the client that it did not take", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_client_that_resets_without_reading_waits_for_itself()
    {
        const int Rounds = 100;
        await using var server = await ServeCommand.StartAsync();
        using var client = new RawClient(server.Socket);

        // A configuration that names no parcel fails, with VM_STATUS and an error; the reset makes it possible again, with two more.
        var configure = new byte[40];
        VmConfigImage.Write(configure, 0x80, AuthMechanism.None, 99, 0, 0, 0, 0x1000);
        var sending = Task.Run(() =>
        {
            for (var n = 0; n < Rounds; n++)
            {
                client.Send(ConnectionTests.Packet(MessageId.VmAllocate, 1, 0, 0, 0, 0));
                client.Send(ConnectionTests.Packet(MessageId.VmConfigImage, 2, configure));
                client.Send(ConnectionTests.Packet(MessageId.VmReset, 3, 0x80, 0, 0, 0));
                client.Send(ConnectionTests.Packet(MessageId.VmDeallocate, 4, 0x80, 0, 0, 0));
            }

            client.Send(ConnectionTests.Packet(MessageId.VmGetVmid, 5));
        });
        StillServes(server);

        // Nothing of it is lost once it reads: the agent held its packets back behind each reset.
        var states = new List<byte>();
        while (true)
        {
            var packet = client.Receive();
            var header = RpcHeader.Read(packet);
            if (header.Type == RpcMessageType.Notification) states.Add(packet[12]);
            else if (header.Id == MessageId.VmGetVmid) break;
        }

        await sending;
        Assert.Equal(Enumerable.Repeat(new byte[] { 8, 10, 11 }, Rounds).SelectMany(round => round), states);
    }

    [Fact]
    public async Task A_client_that_starts_a_guest_and_never_reads_again_can_go()
    {
        // The agent's question waits behind what the client does not read: nothing may hang on that.
        await using var server = await ServeCommand.StartAsync();
        using (var client = new RawClient(server.Socket))
        {
            for (var n = 0; n < 100; n++) client.Send(ConnectionTests.Packet(MessageId.VmGetVmid, (ushort)n));
            client.Send(ConnectionTests.Packet(MessageId.VmStart, 100, 0x80, 0, 0, 0));
            client.Send(ConnectionTests.Packet(MessageId.VmReset, 101, 0x80, 0, 0, 0));
            StillServes(server);
        }

        Assert.Contains("packets for the client that it did not take", await server.Closed(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guests_that_spin_do_not_keep_other_connections_waiting_and_end_with_their_clients()
    {
        await using var spinning = await ServeCommand.StartAsync("--ram", "{folder}/ram");
        await using var server = await ServeCommand.StartAsync();
        using (var memory = new GuestMemoryFile(spinning.Ram))
        using (var port = SocketPort.Connect(spinning.Socket))
        {
            await using var driver = new Driver(port);
            memory.Load(Driver.GuestRam, File.ReadAllBytes(Rmstack.Guest("spin.bin")));
            var vmid = await driver.PrepareAsync();
            await driver.StartAsync(vmid);
            for (var n = 0; n < 10; n++) StillServes(server);
            Assert.Equal(s_vmid, await driver.AskAsync(MessageId.VmGetVmid));
        }

        Assert.Contains("1 guest run", await spinning.Closed(1), StringComparison.Ordinal);
        StillServes(spinning);
    }

    [Fact]
    public async Task A_server_that_stops_closes_every_connection()
    {
        await using var server = await ServeCommand.StartAsync();
        using var first = new RawClient(server.Socket);
        using var second = new RawClient(server.Socket);
        first.Call(MessageId.VmGetVmid, 1);
        await server.Line("2: opened");
        Assert.Equal((0, ""), await server.StopAsync());
        Assert.False(File.Exists(server.Socket));
        Assert.Empty(first.Receive());
        Assert.Empty(second.Receive());
        Assert.Contains("1: closed, the server stops; 1 packet to the Resource Manager, 1 from it", server.Output, StringComparison.Ordinal);
        Assert.Contains("2: closed, the server stops; 0 packets", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_comes_when_all_places_are_taken_waits()
    {
        await using var server = await ServeCommand.StartAsync("--max-connections", "2");
        var first = new RawClient(server.Socket);
        using var second = new RawClient(server.Socket);
        first.Call(MessageId.VmGetVmid, 1);
        second.Call(MessageId.VmGetVmid, 1);
        using var third = new RawClient(server.Socket);
        third.Send(ConnectionTests.Packet(MessageId.VmGetVmid, 9));
        second.Call(MessageId.VmGetVmid, 2);
        Assert.DoesNotContain("3: opened", server.Output, StringComparison.Ordinal);
        first.Dispose();
        Assert.Equal(s_vmid, third.Receive()[12..]);
        Assert.Contains("3: opened, seed 3", server.Output, StringComparison.Ordinal);
    }

    private static void StillServes(ServeCommand server)
    {
        using var client = new RawClient(server.Socket);
        Assert.Equal(s_vmid, client.Call(MessageId.VmGetVmid, 1)[12..]);
    }
}
