using RmStack.Cli.Reports;
using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Cli.Tests;

/// <summary>A boot, message by message, against the order of the public sources and against what a real system was heard to say.</summary>
public class ConversationTests
{
    private readonly Transcript _transcript = new();

    /// <summary>The life of a VM under the v12 driver, every message of it in the order of the wire.</summary>
    private static readonly Said[] Life =
    [
        Call(MessageId.VmAllocate), Ok(MessageId.VmAllocate),
        Call(MessageId.MemLend), Ok(MessageId.MemLend),
        Call(MessageId.VmConfigImage), Told(MessageId.VmStatus), Ok(MessageId.VmConfigImage),
        Call(MessageId.VmInit), Told(MessageId.VmStatus), Ok(MessageId.VmInit),
        Call(MessageId.VmGetHypResources), Ok(MessageId.VmGetHypResources),
        Call(MessageId.VmStart), Told(MessageId.VmStatus), Ok(MessageId.VmStart),
        Told(MessageId.VmStatus), Told(MessageId.VmExited),
        Call(MessageId.VmReset), Told(MessageId.VmStatus), Ok(MessageId.VmReset), Told(MessageId.MemReleased), Told(MessageId.VmStatus),
        Call(MessageId.MemReclaim), Ok(MessageId.MemReclaim),
        Call(MessageId.VmDeallocate), Ok(MessageId.VmDeallocate),
    ];

    [Fact]
    public void Every_message_of_a_boot_comes_in_its_place()
    {
        using var run = Conversation.Boot(_transcript);
        Assert.Equal(ExitCode.Ok, run.Run().Code);
        Assert.Equal(Life, Conversation.Of(_transcript).Select(Conversation.Order));
    }

    [Theory]
    [InlineData(Host.PageLayout.Contiguous)]
    [InlineData(Host.PageLayout.Scattered)]
    public void A_boot_says_what_a_real_system_said_in_the_same_order(Host.PageLayout layout)
    {
        using var run = Conversation.Boot(_transcript, layout);
        run.Run();
        Assert.Equal(Conversation.Captured().Select(c => c.Said), Conversation.Of(_transcript).Select(Conversation.Order));
    }

    [Fact]
    public void What_was_said_is_the_same_but_for_the_numbers_of_that_day()
    {
        using var run = Conversation.Boot(_transcript);
        run.Run();
        var ours = Conversation.Of(_transcript);
        var theirs = Conversation.Captured();
        Assert.Equal(theirs.Count, ours.Count);
        for (var n = 0; n < ours.Count; n++)
        {
            // The recording's VM was the second of its boot: VMID 0x81 and parcel 1. Its memory and its tree lay elsewhere.
            var content = theirs[n].Content;
            var id = theirs[n].Said.Id;
            if (id == MessageId.MemLend && theirs[n].Said.ByHlos) continue;
            if (id == MessageId.VmGetHypResources && !theirs[n].Said.ByHlos) continue;
            if (id == MessageId.VmConfigImage && theirs[n].Said.ByHlos) content = content[..24].Concat(ours[n].Content.ToArray()[24..]).ToArray();
            content = [.. content.Select(b => b == 0x81 ? (byte)0x80 : b)];
            if (id == MessageId.MemReclaim && content.Length == 8) content[0]--;
            if (id == MessageId.MemReleased) content[0]--;
            if (id == MessageId.VmConfigImage && theirs[n].Said.ByHlos) content[4]--;
            if (id == MessageId.MemLend && !theirs[n].Said.ByHlos) content[4]--;
            Assert.Equal(Convert.ToHexString(content), Convert.ToHexString(ours[n].Content.Span));
        }
    }

    [Fact]
    public void Calls_are_numbered_from_0_and_replies_repeat_the_number()
    {
        using var run = Conversation.Boot(_transcript);
        run.Run();
        ushort next = 0;
        foreach (var message in Conversation.Of(_transcript))
        {
            if (message.Type == "request") Assert.Equal(next++, message.SequenceId);
            if (message.Type == "reply") Assert.Equal(next - 1, message.SequenceId);
        }

        Assert.Equal(9, next);
    }

    [Fact]
    public void The_notifications_carry_one_running_number()
    {
        using var run = Conversation.Boot(_transcript);
        run.Run();
        var numbers = Conversation.Of(_transcript).Where(m => m.Type == "notification").Select(m => (int)m.SequenceId);
        Assert.Equal(Enumerable.Range(0, 8), numbers);
    }

    [Fact]
    public void The_states_go_through_the_life_of_a_vm()
    {
        using var run = Conversation.Boot(_transcript);
        run.Run();
        var states = new List<VmState>();
        foreach (var message in Conversation.Of(_transcript))
            if (message.Id == MessageNumber.VmStatus && VmStatus.TryParse(message.Content.Span, out var status) == DecodeStatus.Ok)
                states.Add(status.State);
        Assert.Equal([VmState.Init, VmState.Ready, VmState.Running, VmState.Exited, VmState.Resetting, VmState.Reset], states);
    }

    [Fact]
    public void A_scattered_guest_takes_as_many_packets_as_its_entries_need()
    {
        using var run = Conversation.Boot(_transcript, Host.PageLayout.Scattered);
        run.Run();
        var lend = Conversation.Of(_transcript).Single(m => m.Id == MessageNumber.MemLend && m.Type == "request");
        Assert.Equal(DecodeStatus.Ok, MemLend.TryParse(lend.Content.Span, out var view));
        Assert.Equal(512, view.Sgl.Count);
        Assert.Equal(RpcLimits.PacketsFor(MemLend.SizeOf(1, 512, 0)), lend.Packets);
    }

    private static Said Call(MessageId id) => new(true, RpcMessageType.Request, id, null);

    private static Said Ok(MessageId id) => new(false, RpcMessageType.Reply, id, 0);

    private static Said Told(MessageId id) => new(false, RpcMessageType.Notification, id, null);
}
