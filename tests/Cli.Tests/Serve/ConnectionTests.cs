using RmStack.Cli.Simulation;
using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.ResourceManager;
using RmStack.Transport.Ports;

namespace RmStack.Cli.Tests.Serve;

/// <summary>A client and the machine that is its own.</summary>
public class ConnectionTests
{
    [Fact]
    public async Task A_client_allocates_and_frees_a_vmid()
    {
        await using var bench = new Bench();
        await using var driver = new Driver(bench.Port);
        Assert.Equal([3, 0, 0, 0], await driver.AskAsync(MessageId.VmGetVmid));
        Assert.Equal([0x80, 0, 0, 0], await driver.AskAsync(MessageId.VmAllocate, 0, 0, 0, 0));
        await driver.OkAsync(MessageId.VmDeallocate, Driver.Of(0x80));
        Assert.Equal(RmError.Unimplemented, await driver.CallAsync(new MessageId(0x5600_0099)));
        var report = await bench.CloseAsync();
        Assert.Equal((4, 4, 0), (report.PacketsToRm, report.PacketsFromRm, report.VmsRun));
        Assert.Empty(report.Lost);
        Assert.Equal(["1: opened, seed 1", "1: closed, the client closed it"], bench.Output.Lines);
    }

    [Theory]
    [InlineData(RmDrop.Rm1, HypervisorVersion.V2312, false)]
    [InlineData(RmDrop.Rm2, HypervisorVersion.Next, true)]
    public async Task A_guest_that_the_client_starts_runs_and_its_memory_comes_back(RmDrop rm, HypervisorVersion hypervisor, bool random)
    {
        await using var bench = new Bench(withRam: true, system: new GunyahSystemOptions { ResourceManager = rm, Hypervisor = hypervisor, RandomiseCapIds = random });
        await using var driver = new Driver(bench.Port);
        for (var life = 1; life <= 3; life++)
        {
            var seen = driver.Notifications.Count;
            bench.Memory!.Load(Driver.GuestRam, BuiltInGuests.Hello());
            var vmid = await driver.PrepareAsync();
            Assert.Equal(0x80, vmid);
            await driver.StartAsync(vmid);
            Assert.Equal(ExitType.PlatformOff, await driver.ExitAsync(vmid, seen));
            await driver.TearDownAsync(vmid, (uint)life - 1);

            // The guest's first random number, where it left it: behind its image.
            Assert.Equal(0x9e37_79b9_7f4a_7c15u, bench.Memory.Read64(Driver.GuestRam + 0x3000));
        }

        var report = await bench.CloseAsync();
        Assert.Equal(3, report.VmsRun);
        Assert.Empty(report.Lost);
        Assert.Equal(3, bench.Output.Lines.Count(line => line == "1: 80 | bye"));
        Assert.Equal(3, bench.Output.Lines.Count(line => line == "1: 80 ended: PlatformOff"));
        Assert.DoesNotContain(bench.Output.Lines, line => line.Contains("log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_vm_that_is_configured_again_after_its_reset_runs_again()
    {
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, BuiltInGuests.Hello());
        var vmid = await driver.PrepareAsync();
        await driver.StartAsync(vmid);
        await driver.ExitAsync(vmid);
        await driver.OkAsync(MessageId.VmReset, Driver.Of(vmid));
        await driver.StateAsync(vmid, VmState.Reset);
        await driver.OkAsync(MessageId.MemReclaim, 0, 0, 0, 0, 0, 0, 0, 0);
        bench.Memory.Load(Driver.GuestRam, BuiltInGuests.Hello());

        // Its owner is no peer any more, so no VM_STATUS tells of the second life; the guest runs all the same.
        var seen = driver.Notifications.Count;
        await driver.ConfigureAsync(vmid, await driver.LendAsync(vmid));
        await driver.StartAsync(vmid);
        Assert.Equal(ExitType.PlatformOff, await driver.ExitAsync(vmid, seen));
        Assert.DoesNotContain(driver.Notifications.Skip(seen), notification => notification.Id == MessageId.VmStatus);
        Assert.Equal(2, (await bench.CloseAsync()).VmsRun);
        Assert.Equal(2, bench.Output.Lines.Count(line => line == "1: 80 | bye"));
    }

    [Fact]
    public async Task Guests_run_side_by_side_and_each_has_a_console()
    {
        const ulong Second = 0x4240_0000;
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, BuiltInGuests.Hello());
        bench.Memory.Load(Second, BuiltInGuests.Hello());
        Assert.Equal(0x80, await driver.PrepareAsync());
        Assert.Equal(0x81, await driver.PrepareAsync(Second));
        await Task.WhenAll(driver.StartAsync(0x80), driver.StartAsync(0x81));
        Assert.Equal(ExitType.PlatformOff, await driver.ExitAsync(0x80));
        Assert.Equal(ExitType.PlatformOff, await driver.ExitAsync(0x81));
        Assert.Contains("1: 80 | bye", bench.Output.Lines);
        Assert.Contains("1: 81 | bye", bench.Output.Lines);
    }

    [Fact]
    public async Task The_same_packets_give_the_same_answers_at_the_same_virtual_time()
    {
        var first = await Conversation(hurry: false);
        Assert.Equal(first, await Conversation(hurry: false));

        // Nor does it matter whether the client waits for its answers.
        var hurried = await Conversation(hurry: true);
        Assert.Equal(first.Received, hurried.Received);
        Assert.Equal(first.Nanoseconds, hurried.Nanoseconds);
    }

    private static async Task<(string Received, ulong Nanoseconds)> Conversation(bool hurry)
    {
        await using var bench = new Bench(queue: new LoopbackQueueOptions { Depth = 64 });
        var client = new PacketClient(bench.Port);
        var sent = 0;
        foreach (var packet in s_conversation)
        {
            await client.SendAsync(packet);
            if (!hurry) await client.ReceiveAsync(++sent);
        }

        var received = await client.ReceiveAsync(s_conversation.Length);
        var report = await bench.CloseAsync();
        return (string.Join('\n', received.Select(Convert.ToHexString)), report.Nanoseconds);
    }

    // A VMID, memory lent and reclaimed, a request in fragments, errors; each packet that ends a message is answered by one packet.
    private static readonly byte[][] s_conversation =
    [
        Packet(MessageId.VmAllocate, 1, 0, 0, 0, 0),
        Packet(MessageId.MemLend, 2, [0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x80, 0, 7, 0, 1, 0, 0, 0, 0, 0, 0, 0x42, 0, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        Packet(MessageId.VmStart, 3, 0x80, 0, 0, 0),
        Packet(MessageId.MemReclaim, 4, 0, 0, 0, 0, 0, 0, 0, 0),
        Packet(MessageId.VmDeallocate, 5, 0x80, 0, 0, 0),
        Packet(MessageId.VmGetVmid, 5),
        Packet(MessageId.VmGetState, 6, 1, 2, 3),
    ];

    [Fact]
    public async Task Every_connection_has_a_machine_and_a_seed_of_its_own()
    {
        var random = new GunyahSystemOptions { RandomiseCapIds = true, Seed = 7 };
        var caps = new List<string>();
        foreach (var number in new[] { 1, 2, 1 })
        {
            await using var bench = new Bench(number, withRam: true, random);
            await using var driver = new Driver(bench.Port);
            bench.Memory!.Load(Driver.GuestRam, BuiltInGuests.Hello());
            var vmid = await driver.PrepareAsync();
            caps.Add(Convert.ToHexString(await driver.AskAsync(MessageId.VmGetHypResources, Driver.Of(vmid))));
            Assert.Contains(FormattableString.Invariant($"{number}: opened, seed {7 + number}"), bench.Output.Lines);
        }

        Assert.Equal(caps[0], caps[2]);
        Assert.NotEqual(caps[0], caps[1]);
    }

    internal static byte[] Packet(MessageId id, ushort sequence, params byte[] payload) => Packet(RpcMessageType.Request, 0, id, sequence, payload);

    internal static byte[] Packet(RpcMessageType type, byte fragments, MessageId id, ushort sequence, params byte[] payload)
    {
        var packet = new byte[RpcLimits.HeaderSize + payload.Length];
        new RpcHeader(type, fragments, sequence, id).Write(packet);
        payload.CopyTo(packet, RpcLimits.HeaderSize);
        return packet;
    }
}
