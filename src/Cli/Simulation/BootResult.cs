using System.Globalization;
using RmStack.Host;
using RmStack.Protocol.Messages;

namespace RmStack.Cli.Simulation;

/// <summary>How a boot ended.</summary>
/// <param name="Code">Exit code.</param>
/// <param name="Message">One line that says what happened.</param>
public sealed record BootResult(ExitCode Code, string Message)
{
    /// <summary>Judges a run.</summary>
    /// <param name="outcome">How the system's run ended.</param>
    /// <param name="guest">What became of the guest.</param>
    /// <param name="budget">Instructions it had.</param>
    public static BootResult Judge(RunOutcome outcome, VmmResult? guest, ulong budget)
    {
        if (!outcome.Finished || guest is null)
        {
            var what = outcome.Problem.Length > 0 ? outcome.Problem : "the guest was never launched";
            return new BootResult(ExitCode.Internal, $"{what}; this is a mistake of rmstack, please report it with the options and the seed");
        }

        var home = Homecoming(guest);
        if (!guest.Launch.IsOk) return new BootResult(ExitCode.Refused, $"the launch was refused: {guest.Launch}; {home}");
        if (!guest.Running.IsOk) return new BootResult(ExitCode.Refused, $"the hypervisor refused to run the guest: {guest.Running}; {home}");
        if (guest.Stopped) return Stopped(outcome.Cause, budget, home);
        if (guest.Exit is not { } exit) return new BootResult(ExitCode.GuestCrashed, $"the guest stopped running and nobody said why; {home}");
        var text = Describe(exit);
        if (exit.Type is ExitType.SoftwareError or ExitType.WatchdogBite or ExitType.AsyncHardwareError)
            return new BootResult(ExitCode.GuestCrashed, $"the guest crashed: {text}; {home}");
        return guest.MemoryCameHome && guest.Teardown!.Problems.Count == 0
            ? new BootResult(ExitCode.Ok, $"the guest ended: {text}; {home}")
            : new BootResult(ExitCode.NotCleanedUp, $"the guest ended: {text}; but {home}");
    }

    /// <summary>An exit in words.</summary>
    public static string Describe(VmExitInfo exit) => exit.Type switch
    {
        ExitType.VmExit => $"it said VM_EXIT (code {exit.Code})",
        ExitType.PlatformOff => "PSCI SYSTEM_OFF",
        ExitType.PlatformReset => "PSCI SYSTEM_RESET (not started again)",
        ExitType.PsciSystemReset2 => "PSCI SYSTEM_RESET2 (not started again)",
        ExitType.WatchdogBite => "watchdog bite",
        ExitType.SoftwareError => "software error (exit type 5): a fault it cannot recover from",
        ExitType.AsyncHardwareError => "asynchronous hardware error",
        ExitType.ForcedStop => "stopped by force",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit type {(ushort)exit.Type}"),
    };

    private static BootResult Stopped(StopCause cause, ulong budget, string home) => cause switch
    {
        StopCause.Budget => new BootResult(
            ExitCode.BudgetUsed,
            string.Create(CultureInfo.InvariantCulture, $"the guest hung: it did not end within {budget} instructions (--budget raises the limit) and was stopped; {home}")),
        StopCause.Idle => new BootResult(ExitCode.GuestIdle, $"the guest hung: it waits for an interrupt that cannot come, and was stopped; {home}"),
        _ => new BootResult(ExitCode.GuestIdle, $"the guest hung: its vCPU can not go on and the Resource Manager does not end it, so it was stopped; {home}"),
    };

    private static string Homecoming(VmmResult guest)
    {
        var problems = guest.Teardown?.Problems ?? [];
        var memory = guest.MemoryCameHome
            ? string.Create(CultureInfo.InvariantCulture, $"all {guest.Pages} pages of its memory are HLOS's again")
            : string.Create(CultureInfo.InvariantCulture, $"{guest.Pages - guest.PagesHome} of {guest.Pages} pages of its memory are lost to HLOS");
        return problems.Count == 0 ? memory : $"{memory}; {string.Join("; ", problems)}";
    }
}
