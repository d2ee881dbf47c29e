using RmStack.Protocol;

namespace RmStack.ResourceManager.Tests;

/// <summary>What the real RM was seen to answer, asked again and compared byte for byte.</summary>
public class CaptureReplayTests
{
    private const uint StartId = 0x5600_0004;
    private const uint StatusId = 0x5610_0008;
    private const ulong VcpuCap = 3;

    [Fact]
    public void A_vm_life_is_byte_for_byte_the_recorded_one()
    {
        using var world = new World(RmDrop.Rm1);
        world.Run(async hlos =>
        {
            await FailedStartAsync(hlos);
            var packets = Captures.Read("vm-life");
            WriteImage(hlos, packets[2].Bytes, packets[3].Bytes);
            foreach (var packet in packets)
            {
                if (packet.FromHlos)
                {
                    Assert.True(hlos.Send(packet.Bytes) is { Error: Protocol.Hypercalls.GunyahError.Ok, NotFull: true });
                    continue;
                }

                Assert.Equal(Convert.ToHexStringLower(packet.Bytes), Convert.ToHexStringLower(await hlos.ReceiveAsync()));
                var id = BitConverter.ToUInt32(packet.Bytes, 4);

                // The host runs the guest once it has started, and again after it was told that it exited.
                if (id == StartId) Assert.Equal((2u, 0ul), await RunAsync(hlos));
                if (id == StatusId && packet.Bytes[12] == 9) Assert.Equal((2u, 1ul), await RunAsync(hlos));
            }

            Assert.True(hlos.HasNothing());
        });
    }

    [Fact]
    public void Malformed_packets_get_the_recorded_answers()
    {
        using var world = new World(RmDrop.Rm1);
        world.Run(async hlos =>
        {
            foreach (var packet in Captures.Read("malformed-packets"))
            {
                if (!packet.FromHlos)
                {
                    Assert.Equal(Convert.ToHexStringLower(packet.Bytes), Convert.ToHexStringLower(await hlos.ReceiveAsync()));
                    continue;
                }

                while (hlos.Send(packet.Bytes).Error == Protocol.Hypercalls.GunyahError.MsgQueueFull) await Task.Yield();
            }

            Assert.True(hlos.HasNothing());
        });
    }

    [Fact]
    public void Every_message_without_payload_gets_the_recorded_answer_if_it_is_known_here()
    {
        using var world = new World(RmDrop.Rm1);
        world.Run(async hlos =>
        {
            var packets = Captures.Read("empty-payloads");
            var compared = 0;
            for (var n = 0; n + 1 < packets.Count; n += 2)
            {
                Assert.True(packets[n].FromHlos && !packets[n + 1].FromHlos);
                var isAnswered = world.Manager.AnsweredMessages.Contains(new MessageId(BitConverter.ToUInt32(packets[n].Bytes, 4)));
                var isUnknown = BitConverter.ToUInt32(packets[n + 1].Bytes, 8) == uint.MaxValue;
                if (!isAnswered && !isUnknown) continue;
                hlos.Send(packets[n].Bytes);
                Assert.Equal(Convert.ToHexStringLower(packets[n + 1].Bytes), Convert.ToHexStringLower(await hlos.ReceiveAsync()));
                compared++;
            }

            Assert.True(compared >= 25);
        });
    }

    // What the driver had done before the recording began: a start in its newer order, which this RM does not know.
    private static async Task FailedStartAsync(Hlos hlos)
    {
        const ulong Page = 0x4300_0000;
        var vm = await GuestVm.AllocateAsync(hlos);
        Assert.Equal(0x80, vm.Vmid);
        var lent = await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, Payloads.Rwx)], [(Page, 4096)]));
        Assert.Equal(Payloads.Words(0), lent.Payload);
        vm.Expect(await hlos.CallAsync(MessageId.VmConfigImage, Payloads.Config(vm.Vmid, 0, 0, 4096)), 1);
        var paging = await hlos.CallAsync(MessageId.VmSetDemandPaging, Payloads.Words(vm.Vmid, 0));
        Assert.Equal(RmError.Unimplemented, paging.Error);
        Assert.Equal(RmError.Ok, (await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(0))).Error);
        Assert.Equal(RmError.VmState, (await vm.DeallocateAsync()).Error);
    }

    // The pages of the recorded MEM_LEND, in the order in which the guest will see them.
    private static void WriteImage(Hlos hlos, byte[] first, byte[] second)
    {
        const int SglOffset = 20;
        byte[] payload = [.. first[8..], .. second[8..]];
        var image = new byte[GuestVm.Size];
        A64Code.Power(A64Code.SystemOff).CopyTo(image, 0);
        GuestTrees.Create(bells: 5).ToArray().CopyTo(image, (int)GuestVm.DtbOffset);
        for (var n = 0; n < 16; n++)
        {
            var page = BitConverter.ToUInt64(payload, SglOffset + (16 * n));
            Assert.Equal(4096ul, BitConverter.ToUInt64(payload, SglOffset + (16 * n) + 8));
            hlos.Memory.Write(page, image.AsSpan(n * 4096, 4096));
        }
    }

    private static async Task<(uint State, ulong Data0)> RunAsync(Hlos hlos)
    {
        var result = await hlos.RunVcpuAsync(VcpuCap);
        Assert.Equal(Protocol.Hypercalls.GunyahError.Ok, result.Error);
        return (result.State, result.Data0);
    }
}
