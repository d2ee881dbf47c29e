using FsCheck.Xunit;
using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Rpc;

namespace RmStack.Transport.Tests.Rpc;

/// <summary>Whatever bytes come: no exception, no hang, bounded memory, and the link still works afterwards.</summary>
public sealed class HostilePacketTests
{
    private static readonly MessageId s_id = MessageId.VmGetState;
    private static readonly ReassemblyRules[] s_rules = [ReassemblyRules.LinuxV5, ReassemblyRules.LinuxV10, ReassemblyRules.LinuxV12, ReassemblyRules.LinuxV17];

    [Property(MaxTest = 200)]
    public void A_client_survives_any_packets_and_still_makes_calls(ulong seed)
    {
        var random = new SeededRandom(seed);
        var port = new RecordingMsgQueue { Room = 1_000_000 };
        var rules = s_rules[random.Next(s_rules.Length)];
        var client = new RpcClient(port, new RpcClientOptions { Rules = rules });
        client.Notification += notification => Assert.InRange(notification.Payload.Length, 0, 64 * RpcLimits.ContentPerPacket);
        var calls = new List<OpenCall>();
        for (var i = 0; i < 300; i++)
        {
            if (random.OneIn(5))
                calls.Add(client.Open(s_id, random.Bytes(random.Next(1000))));
            port.Deliver(Hostile(random, calls.Count));
        }

        foreach (var call in calls)
        {
            if (call.HasEnded)
                call.Result.Dispose();
        }

        while (port.Waiting > 0)
            port.NotEmpty!();
        var last = client.Open(s_id);
        var seq = Packets.Header(port.Sent[^1].Bytes).SequenceId;
        port.Deliver(Packets.Reply(seq, s_id, RmError.Ok, 42));
        Assert.Equal([42], last.Payload);
    }

    [Property(MaxTest = 200)]
    public void A_server_survives_any_packets_and_still_answers(ulong seed)
    {
        var random = new SeededRandom(seed);
        var port = new RecordingMsgQueue();
        var context = new SingleThreadContext();
        context.Run(() =>
        {
            using var server = new RpcServer(DelegateHandler.Echo);
            server.AddLink(1, port);
            for (var i = 0; i < 300; i++)
            {
                port.Room = random.OneIn(3) ? 0 : 5;
                port.Deliver(Hostile(random, 3));
                if (random.OneIn(2))
                    port.MakeRoom(random.Next(4));
            }

            port.MakeRoom(1_000_000);
            context.RunUntilIdle();
            port.Sent.Clear();
            port.Deliver(Packets.Request(9, s_id, 1, 2, 3));
            Assert.Equal(Packets.Reply(9, s_id, RmError.Ok, 1, 2, 3)[0], Assert.Single(port.Sent).Bytes);
        });
    }

    private static byte[] Hostile(SeededRandom random, int ids)
    {
        if (random.OneIn(8))
            return random.Bytes(1 + random.Next(RpcLimits.PacketSize));
        var type = (RpcMessageType)random.Next(4);
        var fragments = (byte)(random.OneIn(3) ? random.Next(64) : random.Next(3));
        var id = random.OneIn(4) ? MessageId.VmStatus : s_id;
        var packet = Packets.Raw(type, fragments, (ushort)random.Next(ids + 2), id, random.Bytes(random.Next(RpcLimits.ContentPerPacket + 1)));
        if (random.OneIn(10))
            packet[random.Next(packet.Length)] ^= (byte)(1 << random.Next(8));
        return packet;
    }
}
