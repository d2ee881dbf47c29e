using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>Capability look-ups, copies and object life cycle (Gunyah API: capabilities; observed error numbers of the public build).</summary>
public class CapabilityTests
{
    [Theory]
    [InlineData(0x3dUL, GunyahError.CspaceCapNull)]
    [InlineData(0x3eUL, GunyahError.ArgumentInvalid)]
    [InlineData(0x3fUL, GunyahError.ArgumentInvalid)]
    [InlineData(0x100UL, GunyahError.CspaceCapNull)]
    [InlineData(0x1_0000UL, GunyahError.ArgumentInvalid)]
    [InlineData(ulong.MaxValue, GunyahError.ArgumentInvalid)]
    public void An_id_no_slot_can_have_is_an_invalid_argument_and_a_free_slot_is_null(ulong id, GunyahError expected)
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            Assert.Equal(expected, root.Calls.MsgQueueSend(new CapId(id), 8, root.Scratch, MsgQueueFlags.None).Error);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Wrong_type_comes_before_missing_rights_on_a_typed_look_up_and_after_it_on_setup()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var bell = root.Create(HypercallNumber.PartitionCreateDoorbell);
            Bench.Root.Ok(root.Calls.Activate(bell));
            var weak = root.Calls.CopyCap(root.Caps.CSpace, bell, root.Caps.CSpace, CapRights.DoorbellSend).Cap;
            Assert.Equal(GunyahError.CspaceWrongObjectType, root.Calls.MsgQueueSend(weak, 8, root.Scratch, MsgQueueFlags.None).Error);
            Assert.Equal(GunyahError.CspaceInsufficientRights, root.Calls.ConfigureMsgQueue(weak, 8, 240));
            Assert.Equal(GunyahError.CspaceWrongObjectType, root.Calls.ConfigureMsgQueue(bell, 8, 240));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_copy_has_no_more_rights_than_the_mask_and_an_empty_mask_is_refused()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var queue = root.CreateQueue();
            var copy = root.Calls.CopyCap(root.Caps.CSpace, queue, root.Caps.CSpace, CapRights.MsgQueueReceive);
            Bench.Root.Ok(copy.Error);
            Assert.Equal(GunyahError.CspaceInsufficientRights, root.Calls.MsgQueueSend(copy.Cap, 8, root.Scratch, MsgQueueFlags.None).Error);
            Assert.Equal(GunyahError.MsgQueueEmpty, root.Calls.MsgQueueReceive(copy.Cap, root.Scratch, 240).Error);
            Assert.Equal(GunyahError.CspaceInsufficientRights, root.Calls.CopyCap(root.Caps.CSpace, copy.Cap, root.Caps.CSpace, CapRights.MsgQueueSend).Error);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Revoking_takes_every_copy_and_leaves_the_master()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var queue = root.CreateQueue();
            var copy = root.Calls.CopyCap(root.Caps.CSpace, queue, root.Caps.CSpace, uint.MaxValue).Cap;
            Assert.Equal(GunyahError.CspaceInsufficientRights, root.Calls.RevokeCaps(root.Caps.CSpace, copy));
            Bench.Root.Ok(root.Calls.RevokeCaps(root.Caps.CSpace, queue));
            Assert.Equal(GunyahError.CspaceCapRevoked, root.Calls.MsgQueueReceive(copy, root.Scratch, 240).Error);
            Assert.Equal(GunyahError.MsgQueueEmpty, root.Calls.MsgQueueReceive(queue, root.Scratch, 240).Error);
            Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, copy));
            Assert.Equal(GunyahError.CspaceCapNull, root.Calls.DeleteCap(root.Caps.CSpace, copy));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_failed_activation_is_for_good()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var queue = root.Create(HypercallNumber.PartitionCreateMsgQueue);
            Assert.Equal(GunyahError.ObjectConfig, root.Calls.Activate(queue));
            Assert.Equal(GunyahError.ObjectState, root.Calls.Activate(queue));
            Assert.Equal(GunyahError.ObjectState, root.Calls.ConfigureMsgQueue(queue, 8, 240));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void A_full_cspace_is_reported_before_anything_about_the_source()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var small = root.Create(HypercallNumber.PartitionCreateCSpace);
            Bench.Root.Ok(root.Calls.ConfigureCSpace(small, 1));
            Bench.Root.Ok(root.Calls.Activate(small));
            var queue = root.CreateQueue();
            Bench.Root.Ok(root.Calls.CopyCap(root.Caps.CSpace, queue, small, 1).Error);
            Assert.Equal(GunyahError.CspaceFull, root.Calls.CopyCap(root.Caps.CSpace, new CapId(0x30), small, 1).Error);
            return Task.CompletedTask;
        });
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(0xfeed_beef_1234_5678UL)]
    public void Randomised_ids_differ_between_cspaces_and_work_only_in_their_own(ulong seed)
    {
        using var bench = new Bench(new HypervisorOptions { RandomiseCapIds = true, Seed = seed });
        bench.Run(root =>
        {
            var queue = root.CreateQueue();
            var vm = root.CreateVm(7, 0x9000_0000, 0x8000_0000, 0x10000, proxy: true);
            var theirs = root.Give(queue, vm, CapRights.MsgQueueSend);
            Assert.NotEqual(queue, theirs);
            Assert.NotEqual(GunyahError.Ok, root.Calls.MsgQueueSend(theirs, 8, root.Scratch, MsgQueueFlags.None).Error);
            Bench.Root.Ok(root.Calls.MsgQueueSend(queue, 8, root.Scratch, MsgQueueFlags.None).Error);
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Reserved_arguments_are_checked_by_immediate_only_and_before_the_capability()
    {
        using var bench = new Bench();
        bench.Run(async root =>
        {
            var frame = new RawCall(root.Context);
            Assert.Equal(1UL, (await frame.Native(HypercallNumber.MsgQueueSend, 0xdead, 8, root.Scratch, 0, 1))[0]);
            Assert.Equal(new ulong[] { 50UL, 0UL }, (await frame.Smccc(HypercallNumber.MsgQueueSend, 0x30, 8, root.Scratch, 0, 1)).Take(2).ToArray());
        });
    }

    [Fact]
    public void The_native_path_zeroes_what_is_no_result_and_the_other_leaves_it()
    {
        using var bench = new Bench();
        bench.Run(async root =>
        {
            var queue = root.CreateQueue();
            var frame = new RawCall(root.Context);
            Assert.Equal(new ulong[] { 0UL, 1, 0, 0, 0, 0, 0, 0 }, (await frame.Native(HypercallNumber.MsgQueueSend, queue.Value, 8, root.Scratch, 0, 0, 55, 66, 77)));
            Assert.Equal(new ulong[] { 0UL, 1, 8, root.Scratch, 0, 0, 66, 77 }, (await frame.Smccc(HypercallNumber.MsgQueueSend, queue.Value, 8, root.Scratch, 0, 0, 66, 77)));
            Assert.Equal(new ulong[] { ulong.MaxValue, 0UL, 0, 0, 0, 0, 0, 0 }, (await frame.Native(0x08, 1, 2, 3, 4, 5, 6, 7, 8)));
            Assert.Equal(new ulong[] { ulong.MaxValue, 1UL, 2, 3, 4, 5, 6, 7 }, (await frame.Smccc(0x08, 1, 2, 3, 4, 5, 6, 7)));
            Assert.Equal(new ulong[] { ulong.MaxValue, 2UL, 3, 4, 5, 6, 7, 8 }, (await frame.Immediate(0x6069, 1, 2, 3, 4, 5, 6, 7, 8)));
            Assert.Equal(new ulong[] { ulong.MaxValue, 2UL, 3, 4, 5, 6, 7, 8 }, (await frame.Immediate(1, 1, 2, 3, 4, 5, 6, 7, 8)));
        });
    }

    [Fact]
    public void It_says_who_it_is()
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var identity = root.Context.Smccc.Identify();
            Assert.Equal(0x5100_0000_0000_8001UL, identity.ApiInfo);
            Assert.Equal(0x1000_0effUL, identity.Flags0);
            Assert.Equal((0xcd8f_d5c1UL, 0xdb5f_53a4UL, 0x36ce_6592UL, 0x145f_3d67UL), root.Calls.SmcccCall(0x8600_ff01));
            Assert.Equal(0x1_0003UL, root.Calls.SmcccCall(0x8000_0000).X0);
            Assert.Equal(ulong.MaxValue, root.Calls.SmcccCall(0x8600_ff02).X0);
            Assert.Equal(ulong.MaxValue, root.Calls.SmcccCall(0x8602_ff01).X0);
            Assert.Equal(ulong.MaxValue, root.Calls.SmcccCall(0x8400_0000).X0);
            return Task.CompletedTask;
        });
    }
}
