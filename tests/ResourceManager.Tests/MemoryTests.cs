using RmStack.Protocol;

namespace RmStack.ResourceManager.Tests;

/// <summary>Whose memory is whose: while it is lent, while it is shared, and when everything is over.</summary>
public class MemoryTests
{
    private const ulong VcpuCap = 3;
    private const ulong Page = 0x5000_0000;

    private static bool CanRead(Hlos hlos, ulong ipa) => hlos.Memory.TryRead(ipa, new byte[8], out _);

    [Fact]
    public void Lent_memory_is_gone_until_it_is_reclaimed_and_comes_back_as_it_was()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            hlos.Memory.Write(Page, [1, 2, 3, 4]);
            var lent = await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(Page, 0x2000), (Page + 0x8000, 0x1000)]));
            Assert.Equal(RmError.Ok, lent.Error);
            Assert.False(CanRead(hlos, Page));
            Assert.False(CanRead(hlos, Page + 0x1000));
            Assert.True(CanRead(hlos, Page + 0x2000));
            Assert.False(CanRead(hlos, Page + 0x8000));
            Assert.Equal(RmError.Ok, (await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(0))).Error);
            var bytes = new byte[4];
            hlos.Memory.Read(Page, bytes);
            Assert.Equal([1, 2, 3, 4], bytes);
            Assert.True(CanRead(hlos, Page + 0x8000));
            Assert.Equal(RmError.HandleInvalid, (await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(0))).Error);
        });
    }

    [Fact]
    public void Sanitising_zeroes_at_creation_or_at_reclaim()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            var bytes = new byte[4];
            hlos.Memory.Write(Page + 0xffc, [1, 2, 3, 4]);
            await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(Page, 0x1000)], flags: 1));
            Assert.True(world.Physical(Page, 0x1000).IndexOfAnyExcept((byte)0) < 0);
            await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(0));
            hlos.Memory.Write(Page + 0xffc, [1, 2, 3, 4]);
            await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(Page, 0x1000)]));
            Assert.Equal(RmError.Ok, (await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(1, sanitize: true))).Error);
            hlos.Memory.Read(Page + 0xffc, bytes);
            Assert.Equal([0, 0, 0, 0], bytes);
        });
    }

    [Fact]
    public void Shared_memory_stays_with_its_owner_with_the_rights_of_the_acl()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            hlos.Memory.Write(Page, [1, 2, 3, 4]);
            var shared = await hlos.CallAsync(MessageId.MemShare, Payloads.Lend([(3, 4), (vm.Vmid, 7)], [(Page, 0x1000)]));
            Assert.Equal(RmError.Ok, shared.Error);
            Assert.True(CanRead(hlos, Page));
            Assert.False(hlos.Memory.TryWrite(Page, [9], out _));
            Assert.Equal(RmError.MemInvalid, (await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(Page, 0x1000)]))).Error);
            Assert.Equal(RmError.Ok, (await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(0))).Error);
            Assert.True(hlos.Memory.TryWrite(Page, [9], out _));
        });
    }

    [Fact]
    public void A_refused_list_gives_back_what_was_taken()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            var before = world.Ownership();
            foreach (var second in new[] { (Page, 0x1000ul), (0x9000_0000ul, 0x1000ul), (Page + 1, 0x1000ul), (Page + 0x1000, 0ul), (0x8000_0000ul, 0x1000ul), (0x7fff_f000ul, 0x2000ul) })
            {
                var answer = await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(Page, 0x1000), second]));
                Assert.Equal(second.Item1 == Page + 1 ? RmError.ArgumentInvalid : RmError.MemInvalid, answer.Error);
                Assert.Empty(answer.Payload);
                Assert.True(CanRead(hlos, Page));
            }

            Assert.Equal(before, world.Ownership());

            // Every refusal got as far as a number.
            var good = await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(Page, 0x1000)]));
            Assert.Equal(Payloads.Words(6), good.Payload);
        });
    }

    [Fact]
    public void What_a_new_parcel_may_say_is_checked_in_the_rms_order()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            (ulong, ulong)[] page = [(Page, 0x1000)];
            async Task<RmError> Lend(byte[] payload) => (await hlos.CallAsync(MessageId.MemLend, payload)).Error;
            async Task<RmError> Share(byte[] payload) => (await hlos.CallAsync(MessageId.MemShare, payload)).Error;

            Assert.Equal(RmError.MsgInvalid, await Lend(Payloads.Lend([(vm.Vmid, 7)], page)[..19]));
            Assert.Equal(RmError.MsgInvalid, await Lend([.. Payloads.Lend([(vm.Vmid, 7)], page), 0]));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([], page)));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(vm.Vmid, 7)], [])));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(0, 7)], page)));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(0x99, 7)], page)));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(vm.Vmid, 7), (vm.Vmid, 4)], page)));
            foreach (byte rights in new[] { 0, 1, 2, 3, 8 }) Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(vm.Vmid, rights)], page)));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(3, 7)], page)));
            Assert.Equal(RmError.ArgumentInvalid, await Share(Payloads.Lend([(vm.Vmid, 7)], page)));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(vm.Vmid, 6)], page, type: 1)));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(vm.Vmid, 7)], page, attributes: [(4, vm.Vmid)])));
            Assert.Equal(RmError.ArgumentInvalid, await Lend(Payloads.Lend([(vm.Vmid, 7)], page, attributes: [(1, vm.Vmid)])));
            Assert.Equal(RmError.VmidInvalid, await Lend(Payloads.Lend([(vm.Vmid, 7)], page, attributes: [(0, 4)])));

            // Accepted by the real RM too: the owner alone, an unknown flag, a type that does not exist, no attribute list.
            Assert.Equal(RmError.Ok, await Share(Payloads.Lend([(3, 7)], page)));
            Assert.Equal(RmError.Ok, await Lend(Payloads.Lend([(vm.Vmid, 7)], [(Page + 0x1000, 0x1000)], flags: 0x80)));
            Assert.Equal(RmError.Ok, await Lend(Payloads.Lend([(vm.Vmid, 7)], [(Page + 0x2000, 0x1000)], type: 2)));
            Assert.Equal(RmError.Ok, await Lend(Payloads.Lend([(vm.Vmid, 7)], [(Page + 0x3000, 0x1000)])[..^4]));
        });
    }

    [Fact]
    public void A_list_can_come_in_parts()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            var entries = Enumerable.Range(0, 512).Select(n => (Page + (0x2000ul * (ulong)n), 0x1000ul)).ToArray();
            var lent = await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], entries, flags: 2));
            Assert.Equal((RmError.Ok, 4), (lent.Error, lent.Payload.Length));
            Assert.Equal(RmError.ArgumentInvalid, (await hlos.CallAsync(MessageId.MemAppend, Payloads.Append(0, 1))).Error);
            Assert.Equal(RmError.HandleInvalid, (await hlos.CallAsync(MessageId.MemAppend, Payloads.Append(9, 1, (Page + 0x1000, 0x1000)))).Error);
            Assert.Equal(RmError.MemInvalid, (await hlos.CallAsync(MessageId.MemAppend, Payloads.Append(0, 1, (Page + 0x1000, 0x1000), (Page, 0x1000)))).Error);
            Assert.True(CanRead(hlos, Page + 0x1000));
            var appended = await hlos.CallAsync(MessageId.MemAppend, Payloads.Append(0, 1, (Page + 0x1000, 0x1000)));
            Assert.Equal((RmError.Ok, 0), (appended.Error, appended.Payload.Length));
            Assert.Equal(RmError.Denied, (await hlos.CallAsync(MessageId.MemAppend, Payloads.Append(0, 1, (Page + 0x3000, 0x1000)))).Error);
            Assert.False(CanRead(hlos, Page + 0x1000));
            Assert.Equal(RmError.Ok, (await hlos.CallAsync(MessageId.MemReclaim, Payloads.Reclaim(0))).Error);
            Assert.True(CanRead(hlos, Page + 0x1000));
            Assert.True(CanRead(hlos, entries[511].Item1));
        });
    }

    [Theory]
    [InlineData(RmDrop.Rm1, 64)]
    [InlineData(RmDrop.Rm2, 1024)]
    public void An_owner_has_so_many_parcels_at_the_most(RmDrop drop, int limit)
    {
        using var world = new World(drop);
        world.Run(async hlos =>
        {
            var vm = await GuestVm.AllocateAsync(hlos);
            for (var n = 0; n < limit; n++)
                Assert.Equal(RmError.Ok, (await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(Page + (0x1000ul * (ulong)n), 0x1000)]))).Error);
            Assert.Equal(RmError.Denied, (await hlos.CallAsync(MessageId.MemLend, Payloads.Lend([(vm.Vmid, 7)], [(0x6000_0000, 0x1000)]))).Error);
        });
    }

    [Fact]
    public void Memory_of_a_running_vm_cannot_be_reclaimed_and_everything_comes_home_in_the_end()
    {
        using var world = new World();
        world.Run(async hlos =>
        {
            var ownership = world.Ownership();
            var caps = world.HlosCSpace.Count;
            for (var life = 0; life < 3; life++)
            {
                var vm = await GuestVm.AllocateAsync(hlos);
                await vm.LaunchAsync(A64Code.Power(A64Code.SystemOff), GuestTrees.Create(2, bells: [5, 6]));
                Assert.Equal(RmError.MemInUse, (await vm.ReclaimAsync()).Error);
                await hlos.RunVcpuAsync(VcpuCap);
                Assert.Equal(Payloads.Status(vm.Vmid, 9).ToString(), (await hlos.NoticeAsync()).ToString());
                Assert.Equal(Payloads.Exited(vm.Vmid, 1, 0).ToString(), (await hlos.NoticeAsync()).ToString());
                Assert.Equal(RmError.MemInUse, (await vm.ReclaimAsync()).Error);
                await vm.ResetToTheEndAsync(accepted: true);
                Assert.Equal(RmError.Ok, (await vm.ReclaimAsync()).Error);
                Assert.Equal(RmError.Ok, (await vm.DeallocateAsync()).Error);
                Assert.Equal(ownership, world.Ownership());
                Assert.Equal(caps, world.HlosCSpace.Count);
                Assert.Equal([3, 255], world.Hypervisor.Scheduler.VCpus.Select(v => (int)v.Vmid).Order());
            }
        });
    }
}
