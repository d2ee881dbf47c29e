using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Transport.Ports;

namespace RmStack.Cli.Tests.Serve;

/// <summary>What runs the guests of a client, and what a client can try against it.</summary>
public class AgentTests
{
    [Fact]
    public async Task The_client_sees_nothing_of_the_agents_own_question()
    {
        await using var bench = new Bench(withRam: true, queue: new LoopbackQueueOptions { Depth = 64 });
        bench.Memory!.Load(Driver.GuestRam, BuiltInGuests.Hello());
        var client = new PacketClient(bench.Port);
        await StartAsync(client);
        await client.ReceiveAsync(RpcMessageType.Notification, MessageId.VmExited);
        Assert.DoesNotContain(client.Received, packet => RpcHeader.Read(packet).Id == MessageId.VmGetHypResources);

        // VM_STATUS INIT, READY, RUNNING and EXITED: four notifications, numbered as if nobody else had asked anything.
        var numbers = client.Received.Select(packet => RpcHeader.Read(packet)).Where(header => header.Type == RpcMessageType.Notification).Select(header => (int)header.SequenceId);
        Assert.Equal(Enumerable.Range(0, 5), numbers);
    }

    [Theory]
    [InlineData(0xffff)]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_client_that_asks_the_same_question_with_any_sequence_id_gets_every_answer(int sequence)
    {
        await using var bench = new Bench(withRam: true, queue: new LoopbackQueueOptions { Depth = 64 });
        bench.Memory!.Load(Driver.GuestRam, BuiltInGuests.Hello());
        var client = new PacketClient(bench.Port);
        await PrepareAsync(client);
        var question = ConnectionTests.Packet(MessageId.VmGetHypResources, (ushort)sequence, Driver.Of(0x80));
        var start = ConnectionTests.Packet(MessageId.VmStart, (ushort)sequence, Driver.Of(0x80));
        foreach (var packet in new[] { question, question, start, question, start, question, ConnectionTests.Packet(MessageId.VmGetVmid, 1) }) await client.SendAsync(packet);
        await client.ReceiveAsync(RpcMessageType.Notification, MessageId.VmExited);
        await client.ReceiveAsync(RpcMessageType.Reply, MessageId.VmGetVmid);
        var replies = client.Received.Where(packet => RpcHeader.Read(packet).Type == RpcMessageType.Reply).ToList();
        var answers = replies.Where(packet => RpcHeader.Read(packet).Id == MessageId.VmGetHypResources).ToList();
        Assert.Equal(4, answers.Count);
        Assert.All(answers, packet => Assert.Equal(sequence, RpcHeader.Read(packet).SequenceId));
        Assert.All(answers, packet => Assert.Equal(answers[0], packet));

        // The second VM_START finds it running, or ended.
        var starts = replies.Where(packet => RpcHeader.Read(packet).Id == MessageId.VmStart).Select(packet => (RmError)BitConverter.ToUInt32(packet, RpcLimits.HeaderSize));
        Assert.Equal([RmError.Ok, RmError.VmState], starts);
        Assert.Equal(1, (await bench.CloseAsync()).VmsRun);
        Assert.Contains("1: 80 | bye", bench.Output.Lines);
    }

    [Fact]
    public async Task A_start_in_fragments_counts_and_nothing_goes_between_them()
    {
        await using var bench = new Bench(withRam: true, queue: new LoopbackQueueOptions { Depth = 64 });
        bench.Memory!.Load(Driver.GuestRam, BuiltInGuests.Hello());
        var client = new PacketClient(bench.Port);
        await PrepareAsync(client);
        await client.SendAsync(ConnectionTests.Packet(RpcMessageType.Request, 2, MessageId.VmStart, 9));
        await client.SendAsync(ConnectionTests.Packet(RpcMessageType.Continuation, 2, MessageId.VmStart, 9, 0x80, 0));

        // Of another message: dropped, and the one that waits is not disturbed.
        await client.SendAsync(ConnectionTests.Packet(RpcMessageType.Continuation, 2, MessageId.VmStop, 9, 0x80, 0));
        await client.SendAsync(ConnectionTests.Packet(RpcMessageType.Continuation, 2, MessageId.VmStart, 9, 0, 0));

        // And one that is displaced by what follows it, never complete.
        await client.SendAsync(ConnectionTests.Packet(RpcMessageType.Request, 1, MessageId.VmReset, 9, 0x80, 0));
        await client.SendAsync(ConnectionTests.Packet(MessageId.VmGetVmid, 10));
        await client.ReceiveAsync(RpcMessageType.Notification, MessageId.VmExited);
        await client.ReceiveAsync(RpcMessageType.Reply, MessageId.VmGetVmid);
        var report = await bench.CloseAsync();
        Assert.Equal(1, report.VmsRun);
        Assert.Equal([("continuationMismatch", 1L), ("displaced", 1L)], report.Lost.Select(loss => (loss.Name, loss.Count)));
        Assert.Contains("1: 80 | bye", bench.Output.Lines);
    }

    public static TheoryData<string, byte[]> Endless => new()
    {
        { "branches to itself", File.ReadAllBytes(Rmstack.Guest("spin.bin")) },
        { "waits for an interrupt", File.ReadAllBytes(Rmstack.Guest("wfi.bin")) },

        // movz w0, #0x8400, lsl 16; movk w0, #2; hvc #0: PSCI CPU_OFF. The Resource Manager hears nothing of it.
        { "switches its only CPU off", BootTests.Words(0x52b0_8000, 0x7280_0040, 0xd400_0002) },
    };

    [Theory]
    [MemberData(nameof(Endless))]
    public async Task A_guest_that_never_ends_is_stopped_reset_and_taken_apart_by_its_client(string does, byte[] guest)
    {
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, guest);
        var vmid = await driver.PrepareAsync();
        await driver.StartAsync(vmid);
        for (var n = 0; n < 20; n++) Assert.Equal([3, 0, 0, 0], await driver.AskAsync(MessageId.VmGetVmid));
        Assert.Equal(RmError.VmState, await driver.CallAsync(MessageId.VmReset, Driver.Of(vmid)));
        Assert.Equal([3, 0, 0, 0], await driver.AskAsync(MessageId.VmGetState, Driver.Of(vmid)));
        await driver.OkAsync(MessageId.VmStop, 0x80, 0, 1, 0, 3, 0, 0, 0);
        Assert.Equal(ExitType.ForcedStop, await driver.ExitAsync(vmid));
        await driver.TearDownAsync(vmid);
        Assert.True((await bench.CloseAsync()).VmsRun == 1, does);
        Assert.DoesNotContain(bench.Output.Lines, line => line.Contains("log", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_guest_that_never_ends_goes_with_its_client()
    {
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, File.ReadAllBytes(Rmstack.Guest("spin.bin")));
        await driver.StartAsync(await driver.PrepareAsync());
        Assert.Equal("the client closed it", (await bench.CloseAsync()).Reason);
    }

    [Fact]
    public async Task A_guest_that_resets_itself_has_ended()
    {
        // The parameters at 0x40 of the built-in guest: end by SYSTEM_RESET, which vcpu_run reports as a state that this driver does not know.
        var guest = BuiltInGuests.Hello();
        "RSMP"u8.CopyTo(guest.AsSpan(0x40));
        guest[0x44] = 1;
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, guest);
        var vmid = await driver.PrepareAsync();
        await driver.StartAsync(vmid);
        Assert.Equal(ExitType.PlatformReset, await driver.ExitAsync(vmid));
        await driver.TearDownAsync(vmid);
        await bench.CloseAsync();
        Assert.Contains("1: log gh-vcpu 0: unknown vCPU state 0x100; trying again until the VM is reported to have ended", bench.Output.Lines);
    }

    [Fact]
    public async Task A_guest_that_crashes_is_reported_and_the_next_one_runs()
    {
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, File.ReadAllBytes(Rmstack.Guest("crash.bin")));
        var vmid = await driver.PrepareAsync();
        await driver.StartAsync(vmid);
        Assert.Equal(ExitType.SoftwareError, await driver.ExitAsync(vmid));
        await driver.TearDownAsync(vmid);
        bench.Memory.Load(Driver.GuestRam, BuiltInGuests.Hello());
        var seen = driver.Notifications.Count;
        vmid = await driver.PrepareAsync();
        await driver.StartAsync(vmid);
        Assert.Equal(ExitType.PlatformOff, await driver.ExitAsync(vmid, seen));
    }

    [Fact]
    public async Task What_a_guest_does_where_no_device_is_reads_as_zero_and_is_told_once()
    {
        // mov x1, #0x0a000000; ldr w2, [x1]; str w2, [x1]; cbnz w2, .; movz w0, #0x8400, lsl 16; movk w0, #8; hvc #0
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, BootTests.Words(0xd2a1_4001, 0xb940_0022, 0xb900_0022, 0x3500_0002, 0x52b0_8000, 0x7280_0100, 0xd400_0002));
        var vmid = await driver.PrepareAsync();
        await driver.StartAsync(vmid);
        Assert.Equal(ExitType.PlatformOff, await driver.ExitAsync(vmid));
        await bench.CloseAsync();
        Assert.Equal(["1: 80 no device at a000000"], bench.Output.Lines.Where(line => line.Contains("device", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Requests_in_one_go_from_start_to_deallocation_find_what_they_would_one_by_one()
    {
        // Everything is sent before anything is read: stop, reset and a second life follow the first start at once.
        await using var bench = new Bench(withRam: true, queue: new LoopbackQueueOptions { Depth = 200 });
        bench.Memory!.Load(Driver.GuestRam, File.ReadAllBytes(Rmstack.Guest("spin.bin")));
        var client = new PacketClient(bench.Port);
        await PrepareAsync(client);
        ushort sequence = 100;
        foreach (var (id, payload) in new (MessageId, byte[])[]
        {
            (MessageId.VmStart, Driver.Of(0x80)),
            (MessageId.VmStop, [0x80, 0, 1, 0, 3, 0, 0, 0]),
            (MessageId.VmReset, Driver.Of(0x80)),
            (MessageId.VmStart, Driver.Of(0x80)),
            (MessageId.VmReset, Driver.Of(0x80)),
            (MessageId.VmStart, Driver.Of(0x1234)),
            (MessageId.VmReset, Driver.Of(0x1234)),
            (MessageId.VmReset, []),
            (MessageId.VmGetVmid, []),
        })
        {
            await client.SendAsync(ConnectionTests.Packet(id, sequence++, payload));
        }

        await client.ReceiveAsync(RpcMessageType.Reply, MessageId.VmGetVmid);
        var errors = client.Received.Where(packet => RpcHeader.Read(packet) is { Type: RpcMessageType.Reply, SequenceId: >= 100 }).Select(packet => (RmError)BitConverter.ToUInt32(packet, RpcLimits.HeaderSize));
        Assert.Equal([RmError.Ok, RmError.Ok, RmError.Ok, RmError.VmState, RmError.VmState, RmError.VmidInvalid, RmError.VmidInvalid, RmError.MsgInvalid, RmError.Ok], errors);
        Assert.Empty((await bench.CloseAsync()).Lost);
    }

    [Fact]
    public async Task A_guest_with_two_cpus_runs_both()
    {
        // The first switches the second on (PSCI CPU_ON) at a store to the console, and waits; the second prints and switches the system off.
        uint[] code =
        [
            0xd2b8_8000, 0xf280_0060,             // mov x0, #0xc4000000; movk x0, #3
            0xd280_0021,                          // mov x1, #1
            0x1000_00a2,                          // adr x2, second
            0xd280_0003, 0xd400_0002,             // mov x3, #0; hvc #0
            0xd503_207f, 0x17ff_ffff,             // wfi; b .-4
            0xd2a1_2001,                          // second: mov x1, #0x09000000
            0x5280_0842, 0xb900_0022,             // mov w2, 'B'; str w2, [x1]
            0x5280_0142, 0xb900_0022,             // mov w2, '\n'; str w2, [x1]
            0x52b0_8000, 0x7280_0100, 0xd400_0002, // SYSTEM_OFF
        ];
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        bench.Memory!.Load(Driver.GuestRam, BootTests.Words(code), vcpus: 2);
        var vmid = await driver.PrepareAsync();
        await driver.StartAsync(vmid);
        Assert.Equal(ExitType.PlatformOff, await driver.ExitAsync(vmid));
        await driver.TearDownAsync(vmid);
        Assert.Contains("1: 80 | B", bench.Output.Lines);
    }

    [Fact]
    public async Task A_client_that_lends_the_kernels_own_memory_ends_its_connection_and_nothing_else()
    {
        await using var bench = new Bench(withRam: true);
        await using var driver = new Driver(bench.Port);
        await driver.AskAsync(MessageId.VmAllocate, 0, 0, 0, 0);
        _ = driver.CallAsync(MessageId.MemLend, Lend(0x40f0_0000, 0x10_0000));
        await bench.Connection.Ended.WaitAsync(Bench.Patience);
        Assert.Contains("HLOS's kernel lost the buffers of its link", bench.Output.Reports.Single().Reason, StringComparison.Ordinal);
    }

    private static byte[] Lend(ulong address, ulong size)
    {
        var request = new byte[MemLend.SizeOf(1, 1, 0)];
        MemLend.Write(request, MemType.Normal, MemCreateFlags.None, 0, [new AclEntry(0x80, MemRights.ReadWriteExecute)], [new SglEntry(address, size)], []);
        return request;
    }

    private static async Task PrepareAsync(PacketClient client)
    {
        var configure = new byte[40];
        VmConfigImage.Write(configure, 0x80, AuthMechanism.None, 0, 0, 0, GuestMemoryFile.GuestSize - GuestMemoryFile.DeviceTreeArea, GuestMemoryFile.DeviceTreeArea);
        await client.SendAsync(ConnectionTests.Packet(MessageId.VmAllocate, 10, 0, 0, 0, 0));
        await client.SendAsync(ConnectionTests.Packet(MessageId.MemLend, 11, Lend(Driver.GuestRam, GuestMemoryFile.GuestSize)));
        await client.SendAsync(ConnectionTests.Packet(MessageId.VmConfigImage, 12, configure));
        await client.SendAsync(ConnectionTests.Packet(MessageId.VmInit, 13, Driver.Of(0x80)));
        await client.ReceiveAsync(RpcMessageType.Reply, MessageId.VmInit);
    }

    private static async Task StartAsync(PacketClient client)
    {
        await PrepareAsync(client);
        await client.SendAsync(ConnectionTests.Packet(MessageId.VmStart, 14, Driver.Of(0x80)));
    }
}
