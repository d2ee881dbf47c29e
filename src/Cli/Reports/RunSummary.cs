using RmStack.Cli.Simulation;
using RmStack.Host;

namespace RmStack.Cli.Reports;

/// <summary>One direction of a link in numbers.</summary>
public sealed record LinkSummary(string From, string To, long Packets, long Messages, long Bytes);

/// <summary>How often something happened.</summary>
public sealed record NamedCount(string Name, long Count);

/// <summary>The hypercalls of one VM.</summary>
public sealed record HypercallSummary(string Vm, long Total, IReadOnlyList<NamedCount> Calls);

/// <summary>The numbers at the end of a run.</summary>
public sealed record RunSummary
{
    /// <summary>Links, both directions of each, in order of their first packet.</summary>
    public required IReadOnlyList<LinkSummary> Links { get; init; }

    /// <summary>Hypercalls by VM.</summary>
    public required IReadOnlyList<HypercallSummary> Hypercalls { get; init; }

    /// <summary>What vcpu_run reported, over all vCPUs.</summary>
    public required IReadOnlyList<NamedCount> VcpuRuns { get; init; }

    /// <summary>Instructions of the guest.</summary>
    public required ulong GuestInstructions { get; init; }

    /// <summary>Bytes that the guest printed.</summary>
    public required long ConsoleBytes { get; init; }

    /// <summary>Virtual time from reset to end.</summary>
    public required ulong VirtualNanoseconds { get; init; }

    /// <summary>Pages of the guest's memory.</summary>
    public required int Pages { get; init; }

    /// <summary>Pages of it that are HLOS's again.</summary>
    public required int PagesHome { get; init; }

    /// <summary>Accesses of the guest where there is no device.</summary>
    public required long UnclaimedAccesses { get; init; }

    /// <summary>Address of the first of them, or null.</summary>
    public required ulong? FirstUnclaimedAccess { get; init; }

    /// <summary>What became of the guest.</summary>
    public required string Message { get; init; }

    /// <summary>Draws up the numbers of a finished run.</summary>
    public static RunSummary Of(BootRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        IReadOnlyList<VCpuStatistics> vcpus = run.Guest?.VCpus ?? [];
        return new RunSummary
        {
            Links = [.. run.Recorder.Links.Select(static link => new LinkSummary(VmNames.Of(link.Sender), VmNames.Of(link.Receiver), link.Packets, link.Messages, link.Bytes))],
            Hypercalls = [.. run.Recorder.Hypercalls.GroupBy(static call => call.Vmid).Select(static vm => new HypercallSummary(
                VmNames.Of(vm.Key), vm.Sum(static call => call.Count), [.. vm.Select(static call => new NamedCount(call.Name, call.Count))]))],
            VcpuRuns =
            [
                new NamedCount("preempted", vcpus.Sum(static v => v.Ready)),
                new NamedCount("waits", vcpus.Sum(static v => v.ExpectsWakeup)),
                new NamedCount("off", vcpus.Sum(static v => v.PoweredOff)),
                new NamedCount("blocked", vcpus.Sum(static v => v.Blocked)),
                new NamedCount("MMIO reads", vcpus.Sum(static v => v.MmioReads)),
                new NamedCount("MMIO writes", vcpus.Sum(static v => v.MmioWrites)),
                new NamedCount("unknown", vcpus.Sum(static v => v.Unknown)),
            ],
            GuestInstructions = run.System.GuestInstructions,
            ConsoleBytes = run.Console.Output.Length,
            VirtualNanoseconds = run.System.Clock.Nanoseconds,
            Pages = run.Guest?.Pages ?? 0,
            PagesHome = run.Guest?.PagesHome ?? 0,
            UnclaimedAccesses = run.Vmm.Bus.Unclaimed,
            FirstUnclaimedAccess = run.Vmm.Bus.FirstUnclaimed,
            Message = run.Result.Message,
        };
    }
}
