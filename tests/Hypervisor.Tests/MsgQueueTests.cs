using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Tests;

/// <summary>Message queues as hypercalls define them, and as the running hypervisor was seen to behave.</summary>
public class MsgQueueTests
{
    private const uint SendIntid = 40;
    private const uint ReceiveIntid = 41;

    private static void WithQueue(Func<Bench.Root, CapId, Counters, Task> test, HypervisorOptions? options = null, uint depth = 8)
    {
        using var bench = new Bench(options);
        bench.Run(async root =>
        {
            var queue = root.CreateQueue(depth);
            var counters = new Counters();
            root.Context.Interrupts.Initialise(Bench.Layout.GicdBase);
            root.Context.Interrupts.Enable(SendIntid, () => counters.Send++);
            root.Context.Interrupts.Enable(ReceiveIntid, () => counters.Receive++);
            Bench.Root.Ok(root.Calls.BindMsgQueueSend(queue, root.Caps.Vic, SendIntid));
            Bench.Root.Ok(root.Calls.BindMsgQueueReceive(queue, root.Caps.Vic, ReceiveIntid));
            await test(root, queue, counters);
        });
    }

    private static (GunyahError, bool) Send(Bench.Root root, CapId queue, ulong size = 8, ulong? at = null, MsgQueueFlags flags = MsgQueueFlags.None)
    {
        var result = root.Calls.MsgQueueSend(queue, size, at ?? root.Scratch, flags);
        return (result.Error, result.NotFull);
    }

    private static (GunyahError, ulong, bool) Receive(Bench.Root root, CapId queue, ulong capacity = 240, ulong? at = null)
    {
        var result = root.Calls.MsgQueueReceive(queue, at ?? root.Scratch, capacity);
        return (result.Error, result.Size, result.NotEmpty);
    }

    private static void Same((GunyahError, ulong, bool) expected, (GunyahError, ulong, bool) actual) => Assert.Equal(expected, actual);

    [Fact]
    public void Messages_come_out_whole_and_in_order() => WithQueue((root, queue, _) =>
    {
        for (byte n = 1; n <= 8; n++)
        {
            root.Memory.Write(root.Scratch, Enumerable.Repeat(n, n * 30).ToArray());
            Assert.Equal((GunyahError.Ok, n < 8), Send(root, queue, (ulong)n * 30));
        }

        Assert.Equal((GunyahError.MsgQueueFull, false), Send(root, queue));
        for (byte n = 1; n <= 8; n++)
        {
            Same((GunyahError.Ok, (ulong)n * 30, n < 8), Receive(root, queue, 240, root.Scratch + 0x1000));
            var got = new byte[n * 30];
            root.Memory.Read(root.Scratch + 0x1000, got);
            Assert.All(got, b => Assert.Equal(n, b));
        }

        Same((GunyahError.MsgQueueEmpty, 0, false), Receive(root, queue));
        return Task.CompletedTask;
    });

    [Fact]
    public void The_receive_interrupt_comes_on_the_first_message_only_and_on_every_push() => WithQueue(async (root, queue, counters) =>
    {
        Send(root, queue);
        await Task.Yield();
        Assert.Equal(1, counters.Receive);
        Send(root, queue);
        Send(root, queue);
        await Task.Yield();
        Assert.Equal(1, counters.Receive);
        Send(root, queue, flags: MsgQueueFlags.Push);
        await Task.Yield();
        Assert.Equal(2, counters.Receive);
    });

    [Fact]
    public void The_send_interrupt_comes_only_when_a_full_queue_stops_being_full() => WithQueue(async (root, queue, counters) =>
    {
        for (var n = 0; n < 7; n++) Send(root, queue);
        Receive(root, queue);
        await Task.Yield();
        Assert.Equal(0, counters.Send);
        Send(root, queue);
        Send(root, queue);
        Receive(root, queue);
        await Task.Yield();
        Assert.Equal(1, counters.Send);
        Receive(root, queue);
        await Task.Yield();
        Assert.Equal(1, counters.Send);
    });

    [Theory]
    [InlineData(0UL)]
    [InlineData(241UL)]
    [InlineData(0x1_0000_00f0UL)]
    [InlineData(ulong.MaxValue)]
    public void A_wrong_size_is_swallowed_as_the_public_build_does(ulong size) => WithQueue((root, queue, _) =>
    {
        Assert.Equal((GunyahError.Ok, true), Send(root, queue, size));
        Same((GunyahError.MsgQueueEmpty, 0, false), Receive(root, queue));
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(0UL)]
    [InlineData(0x9000_0000UL)]
    [InlineData(0x10_0000_0000UL)]
    [InlineData(0xffff_ffff_ffff_ff00UL)]
    public void A_bad_address_is_swallowed_and_nothing_moves(ulong address) => WithQueue((root, queue, _) =>
    {
        Assert.Equal((GunyahError.Ok, true), Send(root, queue, 240, address));
        Same((GunyahError.MsgQueueEmpty, 0, false), Receive(root, queue));
        Send(root, queue, 16);
        Same((GunyahError.Ok, 0, true), Receive(root, queue, 240, address));
        Same((GunyahError.Ok, 16, false), Receive(root, queue));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_buffer_too_small_leaves_the_message() => WithQueue((root, queue, _) =>
    {
        Send(root, queue, 16);
        foreach (var capacity in new ulong[] { 0, 1, 8, 15 }) Same((GunyahError.Ok, 0, true), Receive(root, queue, capacity));
        Same((GunyahError.Ok, 16, false), Receive(root, queue, 16));
        return Task.CompletedTask;
    });

    [Fact]
    public void Strict_errors_are_those_of_the_manual() => WithQueue(
        (root, queue, _) =>
        {
            Assert.Equal((GunyahError.ArgumentSize, false), Send(root, queue, 241));
            Assert.Equal((GunyahError.AddrInvalid, false), Send(root, queue, 8, 0x9000_0000));
            Assert.Equal((GunyahError.AddrOverflow, false), Send(root, queue, 8, ulong.MaxValue));
            return Task.CompletedTask;
        },
        new HypervisorOptions { StrictMsgQueueErrors = true });

    [Fact]
    public void Full_and_empty_are_decided_before_size_and_address() => WithQueue((root, queue, _) =>
    {
        Same((GunyahError.MsgQueueEmpty, 0, false), Receive(root, queue, 0, 0x9000_0000));
        for (var n = 0; n < 8; n++) Send(root, queue);
        Assert.Equal((GunyahError.MsgQueueFull, false), Send(root, queue, 0, 0x9000_0000));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_message_may_cross_pages_and_start_anywhere() => WithQueue((root, queue, _) =>
    {
        var bytes = Enumerable.Range(0, 240).Select(n => (byte)n).ToArray();
        root.Memory.Write(root.Scratch + 0xf9c, bytes);
        Assert.Equal((GunyahError.Ok, true), Send(root, queue, 240, root.Scratch + 0xf9c));
        Same((GunyahError.Ok, 240, false), Receive(root, queue, 240, root.Scratch + 0x2ff1));
        var got = new byte[240];
        root.Memory.Read(root.Scratch + 0x2ff1, got);
        Assert.Equal(bytes, got);
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(0U, 240U)]
    [InlineData(8U, 0U)]
    [InlineData(256U, 240U)]
    [InlineData(8U, 1024U)]
    public void Depth_and_size_have_limits(uint depth, uint size)
    {
        using var bench = new Bench();
        bench.Run(root =>
        {
            var queue = root.Create(HypercallNumber.PartitionCreateMsgQueue);
            Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.ConfigureMsgQueue(queue, depth, size));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Binding_twice_or_to_a_taken_interrupt_is_refused() => WithQueue((root, queue, _) =>
    {
        Assert.Equal(GunyahError.VirqBound, root.Calls.BindMsgQueueSend(queue, root.Caps.Vic, 50));
        var other = root.CreateQueue();
        Assert.Equal(GunyahError.Busy, root.Calls.BindMsgQueueSend(other, root.Caps.Vic, SendIntid));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.BindMsgQueueSend(other, root.Caps.Vic, 31));
        Assert.Equal(GunyahError.ArgumentInvalid, root.Calls.BindMsgQueueSend(other, root.Caps.Vic, 32 + 64));
        Bench.Root.Ok(root.Calls.UnbindMsgQueueSend(queue));
        Bench.Root.Ok(root.Calls.BindMsgQueueSend(other, root.Caps.Vic, SendIntid));
        return Task.CompletedTask;
    });

    [Fact]
    public void A_destroyed_queue_frees_its_interrupts() => WithQueue((root, queue, _) =>
    {
        Bench.Root.Ok(root.Calls.DeleteCap(root.Caps.CSpace, queue));
        var other = root.CreateQueue();
        Bench.Root.Ok(root.Calls.BindMsgQueueSend(other, root.Caps.Vic, SendIntid));
        return Task.CompletedTask;
    });

    private sealed class Counters
    {
        public int Send { get; set; }

        public int Receive { get; set; }
    }
}
