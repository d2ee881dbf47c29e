using RmStack.Protocol;
using RmStack.Protocol.Messages;

namespace RmStack.Host.Tests;

public class ResourceManagerDriverTests
{
    [Fact]
    public void Nothing_is_sent_until_somebody_calls()
    {
        var rm = new FakeRm();
        Assert.Equal(0, rm.Driver.Statistics.PacketsSent);
        Assert.Empty(rm.Calls);
    }

    /// <summary>The table of Linux: drivers/virt/gunyah/rsc_mgr.h.</summary>
    [Theory]
    [InlineData(0xffffffff, -95)]
    [InlineData(1, -12)]
    [InlineData(2, -19)]
    [InlineData(3, -1)]
    [InlineData(4, -22)]
    [InlineData(5, -16)]
    [InlineData(6, -22)]
    [InlineData(7, -22)]
    [InlineData(8, -22)]
    [InlineData(9, -22)]
    [InlineData(10, -22)]
    [InlineData(11, -22)]
    [InlineData(12, -22)]
    [InlineData(13, -22)]
    [InlineData(14, -22)]
    [InlineData(15, -22)]
    [InlineData(16, -22)]
    [InlineData(17, -22)]
    [InlineData(20, -74)]
    [InlineData(77, -74)]
    public void A_refusal_becomes_the_errno_that_linux_makes_of_it(uint error, int errno)
    {
        var rm = new FakeRm();
        rm.Refusals[MessageId.VmInit] = (RmError)error;
        rm.Run(async () =>
        {
            var status = await rm.Driver.VmInitAsync(FakeRm.GuestVmid);
            Assert.False(status.IsOk);
            Assert.Equal(errno, status.Errno);
            Assert.Contains("VM_INIT", status.ToString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Requests_are_the_bytes_of_the_worked_examples()
    {
        var rm = new FakeRm();
        rm.Run(async () =>
        {
            await rm.Driver.AllocVmidAsync(0);
            await rm.Driver.MemLendAsync(new MemParcel { Acl = [new AclEntry(0x80, MemRights.ReadWriteExecute)], Entries = [new SglEntry(0x8000_0000, 0x20_0000)] });
            await rm.Driver.VmConfigureAsync(0x80, AuthMechanism.None, 0, 0, 0, 0x1f_0000, 0x1_0000);
            await rm.Driver.VmInitAsync(0x80);
            await rm.Driver.GetHypResourcesAsync(0x80);
            await rm.Driver.VmStartAsync(0x80);
            await rm.Driver.VmStopAsync(0x80);
            await rm.Driver.VmResetAsync(0x80);
            await rm.Driver.DeallocVmidAsync(0x80);
        });
        string[] expected =
        [
            "21010000 01000056 00000000",
            "21010100 12000051 00000000 00000000 01000000 80000700 01000000 00000080 00000000 00002000 00000000 00000000",
            "21010200 09000056 80000000 00000000 00000000 00000000 00000000 00000000 00001f00 00000000 00000100 00000000",
            "21010300 0b000056 80000000",
            "21010400 20000056 80000000",
            "21010500 04000056 80000000",
            "21010600 05000056 80000100 03000000",
            "21010700 06000056 80000000",
            "21010800 02000056 80000000",
        ];
        var sent = rm.Trace.Text.Split('\n').Where(line => line.StartsWith('>')).Select(line => line.Split(' ')[1].ToLowerInvariant());
        Assert.Equal(expected.Select(line => line.Replace(" ", "", StringComparison.Ordinal)), sent, StringComparer.Ordinal);
    }

    [Fact]
    public void Reclaim_is_the_bytes_of_the_worked_example_and_forgets_the_handle()
    {
        var rm = new FakeRm();
        var parcel = Parcel(1);
        rm.Run(async () =>
        {
            Assert.True((await rm.Driver.MemLendAsync(parcel)).IsOk);
            Assert.True(parcel.IsLive);
            Assert.Equal(0u, parcel.Handle);
            Assert.True((await rm.Driver.MemReclaimAsync(parcel)).IsOk);
        });
        Assert.False(parcel.IsLive);
        Assert.Equal("0000000000000000", Convert.ToHexString(rm.Payloads[^1]));
    }

    [Fact]
    public void A_refused_reclaim_keeps_the_handle()
    {
        var rm = new FakeRm { Refusals = { [MessageId.MemReclaim] = RmError.MemInUse } };
        var parcel = Parcel(1);
        rm.Run(async () =>
        {
            await rm.Driver.MemLendAsync(parcel);
            Assert.Equal(-LinuxErrno.EINVAL, (await rm.Driver.MemReclaimAsync(parcel)).Errno);
        });
        Assert.True(parcel.IsLive);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(512, 0)]
    [InlineData(513, 1)]
    [InlineData(1024, 1)]
    [InlineData(1025, 2)]
    public void A_long_parcel_goes_in_pieces_of_512_and_only_the_last_says_so(int entries, int appends)
    {
        var rm = new FakeRm();
        rm.Run(async () => Assert.True((await rm.Driver.MemLendAsync(Parcel(entries))).IsOk));
        Assert.Equal([MessageId.MemLend, .. Enumerable.Repeat(MessageId.MemAppend, appends)], rm.Calls);
        Assert.Equal(DecodeStatus.Ok, MemLend.TryParse(rm.Payloads[0], out var lend));
        Assert.Equal(appends == 0 ? MemCreateFlags.None : MemCreateFlags.Append, lend.Flags);
        var seen = lend.Sgl.Count;
        for (var n = 1; n <= appends; n++)
        {
            Assert.Equal(DecodeStatus.Ok, MemAppend.TryParse(rm.Payloads[n], out var append));
            Assert.Equal(n == appends ? MemAppendFlags.Done : MemAppendFlags.None, append.Flags);
            Assert.Equal(0x4000_0000UL + ((ulong)seen * 0x2000), append.Sgl[0].Ipa);
            seen += append.Sgl.Count;
        }

        Assert.Equal(entries, seen);
    }

    [Fact]
    public void A_refused_append_takes_the_whole_parcel_back()
    {
        var rm = new FakeRm { Refusals = { [MessageId.MemAppend] = RmError.MemInvalid } };
        var parcel = Parcel(600);
        rm.Run(async () => Assert.Equal(-LinuxErrno.EINVAL, (await rm.Driver.MemLendAsync(parcel)).Errno));
        Assert.Equal([MessageId.MemLend, MessageId.MemAppend, MessageId.MemReclaim], rm.Calls);
        Assert.False(parcel.IsLive);
    }

    [Fact]
    public void A_parcel_that_cannot_be_is_refused_without_a_call()
    {
        var rm = new FakeRm();
        var entry = new SglEntry(0x4000_0000, 0x1000);
        rm.Run(async () =>
        {
            Assert.Equal(-LinuxErrno.EINVAL, (await rm.Driver.MemLendAsync(new MemParcel { Entries = [entry] })).Errno);
            Assert.Equal(-LinuxErrno.EINVAL, (await rm.Driver.MemLendAsync(new MemParcel { Acl = new AclEntry[256], Entries = [entry] })).Errno);
            Assert.Equal(-LinuxErrno.EINVAL, (await rm.Driver.MemLendAsync(new MemParcel { Acl = new AclEntry[1] })).Errno);
            var live = Parcel(1);
            await rm.Driver.MemLendAsync(live);
            Assert.Equal(-LinuxErrno.EINVAL, (await rm.Driver.MemLendAsync(live)).Errno);
        });
        Assert.Single(rm.Calls);
    }

    [Fact]
    public void The_own_vmid_is_asked_once()
    {
        var rm = new FakeRm();
        rm.Run(async () =>
        {
            Assert.Equal(3, (await rm.Driver.GetVmidAsync()).Value);
            var again = await rm.Driver.GetVmidAsync();
            Assert.True(again.IsOk);
            Assert.Equal(3, again.Value);
        });
        Assert.Equal([MessageId.VmGetVmid], rm.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0100")]
    [InlineData("01000000")]
    [InlineData("00000000ff")]
    public void A_list_of_resources_that_does_not_add_up_is_ebadmsg(string reply)
    {
        var rm = new FakeRm { OddReplies = { [MessageId.VmGetHypResources] = Convert.FromHexString(reply) } };
        rm.Run(async () => Assert.Equal(-LinuxErrno.EBADMSG, (await rm.Driver.GetHypResourcesAsync(0x80)).Status.Errno));
    }

    [Fact]
    public void A_vmid_that_is_missing_from_a_good_reply_is_no_vmid()
    {
        var rm = new FakeRm { OddReplies = { [MessageId.VmAllocate] = [] } };
        rm.Run(async () => Assert.Equal(-LinuxErrno.EBADMSG, (await rm.Driver.AllocVmidAsync(0)).Status.Errno));
    }

    [Fact]
    public void A_vmid_that_was_asked_for_comes_without_payload()
    {
        var rm = new FakeRm { OddReplies = { [MessageId.VmAllocate] = [] } };
        rm.Run(async () =>
        {
            var result = await rm.Driver.AllocVmidAsync(45);
            Assert.True(result.IsOk);
            Assert.Equal(0, result.Value);
        });
    }

    [Fact]
    public void Listeners_are_called_by_priority_then_by_age_and_may_go_meanwhile()
    {
        var chain = new NotifierChain();
        var calls = new List<string>();
        IDisposable? last = null;
        chain.Register((_, _) => calls.Add("low"), -1);
        chain.Register((_, _) => calls.Add("first"));
        last = chain.Register((_, _) => calls.Add("never"), -2);
        chain.Register((_, _) =>
        {
            calls.Add("second");
            last.Dispose();
        });
        chain.Call(MessageId.VmStatus, []);
        Assert.Equal(["first", "second", "low"], calls);
        Assert.Equal(3, chain.Count);
    }

    [Fact]
    public void Notifications_arrive_in_order_and_outside_the_receive_path()
    {
        var rm = new FakeRm();
        var seen = new List<VmState>();
        rm.Driver.Notifier.Register((_, payload) =>
        {
            if (VmStatus.TryParse(payload, out var status) == DecodeStatus.Ok) seen.Add(status.State);
        });
        rm.Run(async () =>
        {
            for (var n = 0; n < 20; n++) rm.Status((VmState)(n % 8));
            await rm.Driver.GetVmidAsync();
        });
        Assert.Equal(Enumerable.Range(0, 20).Select(n => (VmState)(n % 8)), seen);
    }

    private static MemParcel Parcel(int entries) => new()
    {
        Acl = [new AclEntry(0x80, MemRights.ReadWriteExecute)],
        Entries = [.. Enumerable.Range(0, entries).Select(n => new SglEntry(0x4000_0000 + ((ulong)n * 0x2000), 0x1000))],
    };
}
