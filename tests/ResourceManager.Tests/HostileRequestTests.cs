using FsCheck.Xunit;
using RmStack.Protocol;

namespace RmStack.ResourceManager.Tests;

/// <summary>Whatever the primary VM asks for, the RM lives, answers each request once, and no memory is lost or owned twice.</summary>
public class HostileRequestTests
{
    private const int Rounds = 40;

    [Property(MaxTest = 25)]
    public void The_rm_survives_any_requests(int seed)
    {
        using var world = new World(seed % 2 == 0 ? RmDrop.Rm1 : RmDrop.Rm2);
        var random = new Random(seed);
        world.Run(async hlos =>
        {
            var ids = world.Manager.AnsweredMessages.OrderBy(id => id.Value).ToArray();
            for (var n = 0; n < Rounds; n++)
            {
                var id = random.Next(12) == 0 ? new MessageId((uint)random.Next()) : ids[random.Next(ids.Length)];
                await hlos.CallAsync(id, Payload(random));
            }

            Assert.Equal(Payloads.Words(3), (await hlos.CallAsync(MessageId.VmGetVmid, [])).Payload);
            CheckOwnership(world);
        });
    }

    // Half of it looks like what a client sends, with small numbers where numbers belong.
    private static byte[] Payload(Random random)
    {
        var vmid = (ushort)(random.Next(3) == 0 ? random.Next(0x10000) : 0x80 + random.Next(3));
        var page = 0x5000_0000ul + (0x1000ul * (ulong)random.Next(8));
        switch (random.Next(8))
        {
            case 0:
                return Payloads.Vmid(vmid);
            case 1:
                return Payloads.Vmid(0);
            case 2:
                return Payloads.Lend([(vmid, (byte)random.Next(9))], [(page, 0x1000ul * (ulong)random.Next(3))], flags: (byte)random.Next(4));
            case 3:
                return Payloads.Lend([(3, 7), (vmid, 7)], [(page, 0x1000)]);
            case 4:
                return Payloads.Config(vmid, (uint)random.Next(4), (ulong)random.Next(3) * 0x800, 0x1000, (ushort)random.Next(4));
            case 5:
                return Payloads.Reclaim((uint)random.Next(4), random.Next(2) == 0);
            case 6:
                return Payloads.Stop(vmid, (byte)random.Next(4));
            default:
                var bytes = new byte[random.Next(64)];
                random.NextBytes(bytes);
                return bytes;
        }
    }

    private static void CheckOwnership(World world)
    {
        var ranges = world.Hypervisor.Ownership.Ranges;
        Assert.Equal(0x4000_0000ul, ranges[0].Start);
        Assert.Equal(0xc000_0000ul, ranges[^1].End);
        for (var n = 1; n < ranges.Count; n++) Assert.Equal(ranges[n - 1].End, ranges[n].Start);
    }
}
