using System.Globalization;
using System.Text;

namespace RmStack.Cli;

/// <summary>What the process returns: one table for all verbs.</summary>
public enum ExitCode
{
    /// <summary>Done; of a run: the guest ended by itself: power-off, reset or exit.</summary>
    Ok = 0,

    /// <summary>An option or an argument is wrong.</summary>
    Usage = 2,

    /// <summary>The image, or another file that an option names, cannot be read or written.</summary>
    InputNotFound = 3,

    /// <summary>The image is nothing that an AArch64 guest can be made of.</summary>
    NotAnImage = 4,

    /// <summary>The image does not fit the guest's memory, or the memory the machine.</summary>
    TooBig = 5,

    /// <summary>The guest did not end within the instruction budget.</summary>
    BudgetUsed = 6,

    /// <summary>The guest waits for an interrupt that cannot come.</summary>
    GuestIdle = 7,

    /// <summary>The guest crashed.</summary>
    GuestCrashed = 8,

    /// <summary>The Resource Manager or the hypervisor refused to launch or to run the guest.</summary>
    Refused = 9,

    /// <summary>The guest ended, but memory or its VMID did not come back.</summary>
    NotCleanedUp = 10,

    /// <summary>Standard output could not be written.</summary>
    OutputFailed = 11,

    /// <summary>Some of the bytes to decode are no messages.</summary>
    BadBytes = 12,

    /// <summary>The Resource Manager answered a request with an error.</summary>
    RmError = 13,

    /// <summary>What was waited for did not come in time.</summary>
    TimedOut = 14,

    /// <summary>A socket cannot be served, or connected to, or the connection ended.</summary>
    NoConnection = 15,

    /// <summary>A benchmark did not do what it measures.</summary>
    BenchFailed = 16,

    /// <summary>A mistake of this program.</summary>
    Internal = 70,

    /// <summary>Interrupted from the terminal, as shells have it.</summary>
    Interrupted = 130,
}

/// <summary>The table of exit codes.</summary>
public static class ExitCodes
{
    /// <summary>Every code and what it means, in order.</summary>
    public static IReadOnlyList<(ExitCode Code, string Meaning)> All { get; } =
    [
        (ExitCode.Ok, "done; boot: the guest ended by itself: power-off, reset or exit"),
        (ExitCode.Usage, "an option or argument is wrong"),
        (ExitCode.InputNotFound, "a file cannot be read, or written"),
        (ExitCode.NotAnImage, "the image is nothing an AArch64 guest can be made of"),
        (ExitCode.TooBig, "the image does not fit the guest's memory, or the memory the machine"),
        (ExitCode.BudgetUsed, "the guest hung: instruction budget used up"),
        (ExitCode.GuestIdle, "the guest hung: it waits for an interrupt that cannot come"),
        (ExitCode.GuestCrashed, "the guest crashed"),
        (ExitCode.Refused, "the Resource Manager or the hypervisor refused the guest"),
        (ExitCode.NotCleanedUp, "the guest ended, but its memory or its VMID did not come back"),
        (ExitCode.OutputFailed, "standard output could not be written"),
        (ExitCode.BadBytes, "some of the bytes to decode are no messages; all others were shown"),
        (ExitCode.RmError, "the Resource Manager answered a request with an error"),
        (ExitCode.TimedOut, "no reply, or no notification that was waited for, came in time"),
        (ExitCode.NoConnection, "the socket cannot be served, or connected to, or the connection ended"),
        (ExitCode.BenchFailed, "a benchmark failed: a call was not answered, or the server process ended"),
        (ExitCode.Internal, "a mistake of this program"),
        (ExitCode.Interrupted, "interrupted; of a benchmark, the rounds that were complete were shown"),
    ];

    /// <summary>The table for --help.</summary>
    public static string Table()
    {
        var text = new StringBuilder("Exit codes:\n");
        foreach (var (code, meaning) in All) text.Append(CultureInfo.InvariantCulture, $"{(int)code,4}  {meaning}\n");
        return text.ToString();
    }
}
