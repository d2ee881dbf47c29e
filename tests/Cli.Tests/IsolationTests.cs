using RmStack.Cli.Reports;
using RmStack.Cli.Simulation;
using RmStack.Host;
using RmStack.Machine.Images;
using RmStack.Protocol;

namespace RmStack.Cli.Tests;

/// <summary>Between lend and reclaim no page of a guest is reachable by the primary VM.</summary>
public class IsolationTests
{
    [Theory]
    [InlineData(PageLayout.Contiguous)]
    [InlineData(PageLayout.Scattered)]
    public void No_stage_2_entry_of_hlos_leads_to_a_lent_page_at_any_moment(PageLayout layout)
    {
        var transcript = new Transcript();
        using var run = Conversation.Boot(transcript, layout);
        var (inside, checks, before) = (false, 0, 0);
        run.Recorder.Inspect = () =>
        {
            if (run.Recorder.Memory is not { } memory) return;
            var reachable = memory.CountReachableBy(GunyahSystem.HlosVmid);
            if (!inside)
            {
                before = reachable;
                return;
            }

            checks++;
            Assert.Equal(0, reachable);
        };
        transcript.Added = happened =>
        {
            if (happened.Message is not { } message) return;
            if (message is { Id: MessageNumber.MemLend, Type: "reply", Error: 0 }) inside = true;
            if (message is { Id: MessageNumber.MemReclaim, Type: "request" }) inside = false;
        };
        Assert.Equal(ExitCode.Ok, run.Run().Code);
        Assert.True(checks > 500, $"only {checks} checks");
        Assert.Equal(512, before);
        Assert.Equal(512, run.Guest!.PagesHome);
    }

    [Theory]
    [InlineData(PageLayout.Contiguous)]
    [InlineData(PageLayout.Scattered)]
    public void Every_load_and_store_of_hlos_to_a_lent_page_aborts(PageLayout layout)
    {
        Assert.True(GuestImage.TryRead(BuiltInGuests.Hello(), out var image, out _));
        var probe = new Probe();
        var console = new GuestConsole();
        VmmResult? result = null;
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), async hlos =>
        {
            probe.Memory = hlos.Memory;
            var bus = new MmioBus();
            bus.Add(0x0900_0000, GuestConsole.Size, console);
            result = await new VirtualMachineMonitor(hlos, new VmmOptions { Image = image!, MemorySize = 2 << 20, Layout = layout, Bus = bus, Observer = probe }).RunAsync();
        });
        Assert.True(system.Run(100_000_000).Finished);
        Assert.True(result!.MemoryCameHome);
        Assert.Equal(["before it is lent: 512 of 512", "while it is lent: 0 of 512", "after it was reclaimed: 512 of 512"], probe.Counts);
        Assert.EndsWith("bye\r\n", System.Text.Encoding.ASCII.GetString(console.Output), StringComparison.Ordinal);
    }

    [Fact]
    public void The_guest_sees_what_the_host_wrote_and_hlos_gets_back_what_the_guest_left()
    {
        // str w0 of a known word behind the image, then SYSTEM_OFF: adr x1, .+0x1000; movz w2, #0xbeef; str w2, [x1]; ...
        var words = BootTests.Words(0x1000_8001, 0x5297_dde2, 0xb900_0022, 0x52b0_8000, 0x7280_0100, 0xd400_0002);
        Assert.True(GuestImage.TryRead(words, out var image, out _));
        uint left = 0;
        using var system = new GunyahSystem(new GunyahSystemOptions(), new HlosOptions(), async hlos =>
        {
            var probe = new Probe { Memory = hlos.Memory };
            await new VirtualMachineMonitor(hlos, new VmmOptions { Image = image!, MemorySize = 2 << 20, Bus = new MmioBus(), Observer = probe }).RunAsync();
            var bytes = new byte[4];
            hlos.Memory.Read(probe.Ram!.Pages[1], bytes);
            left = BitConverter.ToUInt32(bytes);
        });
        Assert.True(system.Run(1_000_000).Finished);
        Assert.Equal(0xbeefu, left);
    }

    private sealed class Probe : IVmmObserver
    {
        public Hypervisor.Native.VmMemory Memory { get; set; } = null!;

        public GuestRam? Ram { get; private set; }

        public List<string> Counts { get; } = [];

        public void Step(string text)
        {
        }

        public void MemoryAllocated(GuestRam ram) => Ram = ram;

        public void Touched(string when, ulong address, string outcome, bool allowed)
        {
            var writable = Ram!.Pages.Count(page => Memory.TryWrite(page + 0xff0, new byte[] { 0 }, out _));
            Assert.Equal(writable, Ram.CountReachable());
            Counts.Add($"{when}: {writable} of {Ram.Pages.Count}");
        }
    }
}
