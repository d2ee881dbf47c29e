using RmStack.Protocol;
using RmStack.Testing;
using RmStack.Transport.Capture;

namespace RmStack.Wireshark.Tests;

/// <summary>Whatever is in a capture, the dissector makes no error of its own: <see cref="Tshark.Run"/> fails the test otherwise.</summary>
public sealed class HostileCaptureTests
{
    private const int Count = 2000;
    private static readonly int[] s_lengths = [0, 1, 2, 3, 4, 5, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 100, 231, 232, 233, 300];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Damaged_packets_of_every_message(ulong seed, bool twoPasses)
    {
        var random = new SeededRandom(seed);
        var builder = new CaptureBuilder();
        for (var n = 0; n < Count; n++)
        {
            var packet = Packet(random);
            var direction = random.OneIn(6) ? (CaptureDirection)random.Next(3) : (packet.Length > 1 && (packet[1] & 3) == 1) ? CaptureDirection.ToRm : CaptureDirection.FromRm;
            builder.Add(random.OneIn(3) ? (ushort)0x80 : (ushort)3, direction, packet);
        }

        var capture = builder.ToArray();
        var text = Tshark.Run(capture, twoPasses, "-V");
        Assert.Equal(Count, text.Split("Gunyah Resource Manager RPC, ").Length - 1);
        Assert.DoesNotContain("Malformed Packet", text, StringComparison.Ordinal);
        Assert.Equal(Count, Tshark.Infos(capture, twoPasses).Length);
    }

    [Fact]
    public void A_packet_that_the_capture_cut_short()
    {
        var file = new CaptureBuilder().Up(Packets.Request(0, MessageId.VmGetState, 1, 2, 3, 4)).ToArray();
        // The last packet block: fewer bytes captured than there were.
        var at = file.AsSpan().LastIndexOf("\x0c\0\0\0\x0c\0\0\0"u8);
        file[at] = 9;
        Assert.Contains("Packet cut short by the capture", Tshark.Run(file, true, "-V"), StringComparison.Ordinal);
    }

    private static byte[] Packet(SeededRandom random)
    {
        var all = MessageCatalogue.All;
        var message = all[random.Next(all.Count)];
        var id = random.OneIn(20) ? new MessageId((uint)random.NextUInt64()) : message.Id;
        var type = random.OneIn(3) ? (RpcMessageType)random.Next(4) : message.Id.IsNotification ? RpcMessageType.Notification : (RpcMessageType)random.Next(1, 3);
        var fragments = random.OneIn(3) ? random.Next(3) : random.OneIn(20) ? random.Next(64) : 0;
        var content = new byte[s_lengths[random.Next(s_lengths.Length)]];
        if (random.OneIn(2)) random.Fill(content);
        else
        {
            // Small numbers here and there: counts and kinds that mean something.
            for (var n = 0; n < content.Length; n += random.Next(1, 5)) content[n] = (byte)random.Next(5);
        }

        if (type == RpcMessageType.Reply && content.Length >= 4 && !random.OneIn(5)) content.AsSpan(0, 4).Clear();
        var packet = Packets.Raw(type, (byte)fragments, (ushort)random.Next(3), id, content);
        if (random.OneIn(20)) packet[0] = (byte)random.NextUInt64();
        return random.OneIn(20) ? packet[..random.Next(9)] : packet;
    }
}
