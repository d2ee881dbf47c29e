using RmStack.Protocol;
using RmStack.Protocol.Messages;
using RmStack.Testing;
using RmStack.Transport.Ports;

namespace RmStack.Cli.Tests.Serve;

/// <summary>
/// A client that sends what it likes, with guests that may start on the way: every request that the Resource Manager's rules make of its packets
/// gets its reply, in order, and nothing else does.
/// </summary>
public class RandomClientTests
{
    private const int Packets = 2000;

    private static readonly MessageId[] s_ids =
    [
        MessageId.VmAllocate, MessageId.VmDeallocate, MessageId.VmConfigImage, MessageId.VmInit, MessageId.VmStart, MessageId.VmStart, MessageId.VmStop, MessageId.VmReset, MessageId.VmReset,
        MessageId.VmGetHypResources, MessageId.VmGetHypResources, MessageId.VmGetState, MessageId.VmGetVmid, MessageId.MemLend, MessageId.MemReclaim, MessageId.MemShare, new(0x5600_0099),
    ];

    // A VM's life, step by step; what comes at random goes in between.
    private static readonly MessageId[] s_life =
    [
        MessageId.VmAllocate, MessageId.MemLend, MessageId.VmConfigImage, MessageId.VmInit, MessageId.VmStart, MessageId.VmStop, MessageId.VmReset, MessageId.MemReclaim, MessageId.VmDeallocate,
    ];

    private static readonly string[] s_guests = ["spin.bin", "wfi.bin", "crash.bin", "hello.bin"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Every_request_gets_its_reply_and_nothing_else_does(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        await using var bench = new Bench(withRam: true, queue: new LoopbackQueueOptions { Depth = 200 });
        var client = new PacketClient(bench.Port);
        var judge = new Reassembler(ReassemblyRules.ResourceManager);
        var asked = new List<(MessageId Id, ushort Sequence)>();
        var parcels = new List<uint> { 0 };
        var step = 0;
        for (int sent = 0, seen = 0; sent < Packets;)
        {
            foreach (var packet in Message(random, ref step, parcels, bench.Memory!))
            {
                await client.SendAsync(packet);
                sent++;
                for (; seen < client.Received.Count; seen++)
                {
                    // What it lent last is what it makes a VM of.
                    var reply = client.Received[seen];
                    if (RpcHeader.Read(reply) is { Type: RpcMessageType.Reply } header && header.Id == MessageId.MemLend && reply.Length == 16) parcels.Add(BitConverter.ToUInt32(reply, 12));
                }

                if (judge.Accept(packet).Result == ReassemblyResult.Complete && judge.Header.Type == RpcMessageType.Request) asked.Add((judge.Header.Id, judge.Header.SequenceId));
                await client.ReceiveAsync(0);
            }
        }

        const ushort Last = 0xfffe;
        await client.SendAsync(ConnectionTests.Packet(MessageId.VmGetVmid, Last));
        asked.Add((MessageId.VmGetVmid, Last));
        while (!client.Received.Any(packet => RpcHeader.Read(packet) is { Type: RpcMessageType.Reply, SequenceId: Last }) && !bench.Connection.Ended.IsCompleted)
            await client.ReceiveAsync(client.Received.Count + 1);
        var answered = client.Received.Select(packet => RpcHeader.Read(packet)).Where(header => header.Type == RpcMessageType.Reply).Select(header => (header.Id, header.SequenceId));
        Assert.Equal(asked, answered);
        var report = await bench.CloseAsync();
        Assert.Equal("the client closed it", report.Reason);
        Assert.True(report.VmsRun > 10, $"only {report.VmsRun} guests ran");
        Assert.DoesNotContain(report.Lost, loss => loss.Name is "repliesDropped" or "notificationsDropped");
    }

    private static ulong Ram(uint guest) => Driver.GuestRam + (guest * GuestMemoryFile.GuestSize);

    private static List<byte[]> Message(SeededRandom random, ref int step, List<uint> parcels, GuestMemoryFile memory)
    {
        if (random.OneIn(40)) return [random.Bytes(random.Next(1, RpcLimits.PacketSize + 1))];
        var goesOn = !random.OneIn(4);
        var id = goesOn ? s_life[step++ % s_life.Length] : s_ids[random.Next(s_ids.Length)];
        var sequence = (ushort)(random.OneIn(3) ? 0xffff : random.Next(4));
        var payload = Payload(random, id, parcels, memory);
        if (random.OneIn(goesOn ? 200 : 20)) payload = payload[..random.Next(payload.Length + 1)];
        var pieces = random.OneIn(4) ? random.Next(1, 4) : 1;
        var packets = new List<byte[]>();
        for (int piece = 0, at = 0; piece < pieces; piece++)
        {
            if (random.OneIn(goesOn ? 300 : 60)) break;
            var end = piece == pieces - 1 ? payload.Length : random.Next(at, payload.Length + 1);
            packets.Add(ConnectionTests.Packet(piece == 0 ? RpcMessageType.Request : RpcMessageType.Continuation, (byte)(pieces - 1), id, sequence, payload[at..end]));
            at = end;
        }

        return packets;
    }

    private static byte[] Payload(SeededRandom random, MessageId id, List<uint> parcels, GuestMemoryFile memory)
    {
        // Mostly the first two VMs, so that lives get on.
        var vmid = (ushort)(random.OneIn(12) ? random.Next(0x100) : 0x80 + (random.OneIn(8) ? 1 : 0));
        var parcel = random.OneIn(4) ? parcels[random.Next(parcels.Count)] : parcels[^1];
        var guest = random.Next(s_guests.Length);
        if (id == MessageId.MemLend) memory.Load(Ram((uint)guest), File.ReadAllBytes(Rmstack.Guest(s_guests[guest])));
        var request = new byte[64];
        var length = id switch
        {
            _ when id == MessageId.VmGetVmid => 0,
            _ when id == MessageId.VmAllocate => VmAllocate.Write(request, 0),
            _ when id == MessageId.VmConfigImage => VmConfigImage.Write(request, vmid, AuthMechanism.None, parcel, 0, 0, GuestMemoryFile.GuestSize - GuestMemoryFile.DeviceTreeArea, GuestMemoryFile.DeviceTreeArea),
            _ when id == MessageId.VmStop => VmStop.Write(request, vmid, VmStopFlags.Force, StopReason.ForceStop),
            _ when id == MessageId.MemReclaim => MemReclaim.Write(request, parcels[Math.Max(0, parcels.Count - 1 - random.Next(6))], MemSanitizeFlags.None),
            _ when id == MessageId.MemLend || id == MessageId.MemShare => MemLend.Write(
                request, MemType.Normal, MemCreateFlags.None, 0, [new AclEntry(vmid, MemRights.ReadWriteExecute)], [new SglEntry(Ram((uint)guest), GuestMemoryFile.GuestSize)], []),
            _ => VmStart.Write(request, vmid),
        };
        return request[..length];
    }
}
