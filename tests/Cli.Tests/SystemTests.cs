using System.Text;
using RmStack.Cli.Simulation;
using RmStack.Host;
using RmStack.Machine.Images;
using RmStack.Protocol.Messages;

namespace RmStack.Cli.Tests;

/// <summary>The whole system under other user spaces than that of `rmstack boot`.</summary>
public class SystemTests
{
    [Fact]
    public void One_guest_after_another_gets_the_same_vmid_and_all_memory_back()
    {
        var results = new List<VmmResult>();
        var output = new StringBuilder();
        ulong before = 0, after = 0;
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), async hlos =>
        {
            before = hlos.Pages.FreePages;
            for (var n = 0; n < 3; n++) results.Add(await new VirtualMachineMonitor(hlos, Hello(output, n)).RunAsync());
            after = hlos.Pages.FreePages;
        });
        Assert.Equal(new RunOutcome(true, StopCause.None, ""), system.Run(100_000_000));
        Assert.Equal([0x80, 0x80, 0x80], results.Select(r => (int)r.Vmid));
        Assert.All(results, r => Assert.Equal(ExitType.PlatformOff, r.Exit!.Value.Type));
        Assert.All(results, r => Assert.True(r.MemoryCameHome));
        Assert.All(results, r => Assert.Empty(r.Teardown!.Problems));
        Assert.Equal(before, after);
        Assert.Equal(3, output.ToString().Split("bye\r\n").Length - 1);
    }

    [Fact]
    public void Two_guests_at_once_share_the_host_and_stay_apart()
    {
        var outputs = new[] { new StringBuilder(), new StringBuilder() };
        VmmResult[] results = [];
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), async hlos =>
        {
            var first = new VirtualMachineMonitor(hlos, Hello(outputs[0], 0)).RunAsync();
            var second = new VirtualMachineMonitor(hlos, Hello(outputs[1], 1)).RunAsync();
            results = await Task.WhenAll(first, second);
        });
        Assert.Equal(new RunOutcome(true, StopCause.None, ""), system.Run(100_000_000));
        Assert.Equal([0x80, 0x81], results.Select(r => (int)r.Vmid));
        Assert.All(results, r => Assert.True(r.MemoryCameHome && r.Teardown!.Problems.Count == 0));
        Assert.All(outputs, o => Assert.EndsWith("bye\r\n", o.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A_guest_with_doorbells_gets_them_and_the_host_can_ring()
    {
        VmmResult? result = null;
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), async hlos =>
            result = await new VirtualMachineMonitor(hlos, Hello(new StringBuilder(), 0) with { Doorbells = [5, 9] }).RunAsync());
        Assert.Equal(new RunOutcome(true, StopCause.None, ""), system.Run(100_000_000));
        Assert.True(result!.Launch.IsOk);
        Assert.Empty(result.Teardown!.Problems);
    }

    [Fact]
    public void A_guest_larger_than_the_free_memory_is_enomem_before_any_call()
    {
        VmmResult? result = null;
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), async hlos =>
            result = await new VirtualMachineMonitor(hlos, Hello(new StringBuilder(), 0) with { MemorySize = 1UL << 30 }).RunAsync());
        Assert.True(system.Run(1_000_000).Finished);
        Assert.Equal(-Protocol.LinuxErrno.ENOMEM, result!.Launch.Errno);
        Assert.Equal(0, result.Vmid);
    }

    [Fact]
    public void A_mistake_in_the_hosts_software_is_reported_and_not_waited_for()
    {
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("on purpose");
        });
        var outcome = system.Run(1_000_000);
        Assert.Contains("on purpose", outcome.Problem, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Internal, BootResult.Judge(outcome, null, 1).Code);
    }

    [Fact]
    public void A_host_that_waits_for_what_never_comes_ends_the_run()
    {
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), _ => new TaskCompletionSource().Task);
        var outcome = system.Run(1_000_000);
        Assert.False(outcome.Finished);
        Assert.Equal(StopCause.Idle, outcome.Cause);
    }

    private static VmmOptions Hello(StringBuilder output, int seed)
    {
        var bytes = BuiltInGuests.Hello();
        Assert.True(GuestImage.TryRead(bytes, out var image, out _));
        var bus = new MmioBus();
        bus.Add(0x0900_0000, GuestConsole.Size, new GuestConsole(b => output.Append((char)b)));
        return new VmmOptions { Image = image!, Name = $"guest-{seed}", MemorySize = 2 << 20, Bus = bus };
    }
}
