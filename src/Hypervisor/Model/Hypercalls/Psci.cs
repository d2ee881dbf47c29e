using RmStack.Hypervisor.Objects;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>
/// PSCI 1.1 as a Gunyah guest sees it: there for vCPUs of a power group, not there for others (Arm DEN0022; hypervisor:
/// psci_common.c, corrected by what the running system was seen to answer).
/// </summary>
internal static class Psci
{
    private const uint Smc64 = 0x4000_0000;
    private const uint Version11 = 0x1_0001;
    private const int InvalidParameters = -2;
    private const int Denied = -3;
    private const int AlreadyOn = -4;
    private const int InternalFailure = -6;
    private const ulong SuspendPowerDown = 1 << 16;
    private const ulong DeepestCpuState = 0x0001_0001;

    private enum Function : uint
    {
        Version = 0,
        CpuSuspend = 1,
        CpuOff = 2,
        CpuOn = 3,
        AffinityInfo = 4,
        SystemOff = 8,
        SystemReset = 9,
        Features = 0xa,
        CpuDefaultSuspend = 0xc,
        SetSuspendMode = 0xf,
        SystemReset2 = 0x12,
    }

    /// <summary>True for a number of the PSCI range of the standard service, in either width.</summary>
    public static bool IsPsci(uint function) => (function & 0xffff) < 0x20;

    public static HypercallOutcome Invoke(VCpu caller, HypercallFrame frame, uint function)
    {
        var wide = (function & Smc64) != 0;
        var number = (Function)(function & 0xffff);
        if (number == Function.Features && !wide) return Features(caller, frame);
        if (caller.Group is null || !Exists(number, wide))
        {
            frame.X[0] = SmcccServices.Unhandled;
            return HypercallOutcome.Completed;
        }

        switch (number)
        {
            case Function.Version:
                return SmcccServices.Smc32(frame, Version11);
            case Function.CpuOff:
                return CpuOff(caller, frame);
            case Function.CpuOn:
                return Answer(frame, wide, CpuOn(caller, Argument(frame, 1, wide), Argument(frame, 2, wide), Argument(frame, 3, wide)));
            case Function.AffinityInfo:
                return Answer(frame, wide, AffinityInfo(caller, Argument(frame, 1, wide), Argument(frame, 2, wide)));
            case Function.CpuSuspend:
                return Suspend(caller, frame, wide, (uint)frame.X[1], Argument(frame, 2, wide), Argument(frame, 3, wide));
            case Function.CpuDefaultSuspend:
                return Suspend(caller, frame, wide, DeepestCpuState, Argument(frame, 1, wide), Argument(frame, 2, wide));
            case Function.SetSuspendMode:
                return Answer(frame, wide, (uint)frame.X[1] == 0 ? 0 : InvalidParameters);
            case Function.SystemOff:
                return SystemPower(caller, null);
            case Function.SystemReset:
                return SystemPower(caller, new PsciReset(PsciReset.PlainReset, 0));
            default:
                var type = (uint)frame.X[1] | (wide ? PsciReset.Smc64 : 0);
                return SystemPower(caller, new PsciReset(type, Argument(frame, 2, wide)));
        }
    }

    private static bool Exists(Function number, bool wide) => number switch
    {
        Function.CpuSuspend or Function.CpuOn or Function.AffinityInfo or Function.CpuDefaultSuspend or Function.SystemReset2 => true,
        Function.Version or Function.CpuOff or Function.SystemOff or Function.SystemReset or Function.Features
            or Function.SetSuspendMode => !wide,
        _ => false,
    };

    private static HypercallOutcome Features(VCpu caller, HypercallFrame frame)
    {
        const uint SmcccVersion = 0x8000_0000;
        const uint ExtendedStateId = 2;
        var asked = (uint)frame.X[1];
        if (asked == SmcccVersion) return SmcccServices.Smc32(frame, 0);
        var inRange = (asked & 0xbfff_0000) == 0x8400_0000 && IsPsci(asked);
        var number = (Function)(asked & 0xffff);
        if (caller.Group is null || !inRange || !Exists(number, (asked & Smc64) != 0)) return SmcccServices.Smc32(frame, SmcccServices.NotSupported);
        return SmcccServices.Smc32(frame, number == Function.CpuSuspend ? ExtendedStateId : 0);
    }

    private static ulong Argument(HypercallFrame frame, int register, bool wide) => wide ? frame.X[register] : (uint)frame.X[register];

    private static HypercallOutcome Answer(HypercallFrame frame, bool wide, int result)
    {
        if (!wide) return SmcccServices.Smc32(frame, (uint)result);
        frame.X[0] = (ulong)(long)result;
        return HypercallOutcome.Completed;
    }

    private static VCpu? FindTarget(VCpu caller, ulong mpidr, out int refusal)
    {
        const ulong AffinityFields = 0xff_00ff_ffff;
        refusal = InternalFailure;
        if (caller.Vic is not { } vic) return null;
        var index = vic.IndexOf(mpidr & AffinityFields);
        var target = index >= 0 ? vic.VCpuAt(index) : null;
        if (target is not null && target.Group == caller.Group) return target;

        // The public build finds an affinity valid only below the number of vCPU slots a VM can have.
        refusal = index == -2 ? InvalidParameters : InternalFailure;
        return null;
    }

    private static int CpuOn(VCpu caller, ulong mpidr, ulong entry, ulong context)
    {
        if (FindTarget(caller, mpidr, out var refusal) is not { } target) return refusal;
        if (target.Killed || target.Exited) return InternalFailure;
        if (!target.IsOff) return AlreadyOn;
        return target.PowerOn(entry, context, 0) == Protocol.Hypercalls.GunyahError.Ok ? 0 : InternalFailure;
    }

    private static int AffinityInfo(VCpu caller, ulong mpidr, ulong level)
    {
        if (level != 0 || FindTarget(caller, mpidr, out _) is not { } target) return InvalidParameters;
        return target.IsOff ? 1 : 0;
    }

    private static HypercallOutcome CpuOff(VCpu caller, HypercallFrame frame)
    {
        if (caller.Group!.Aggregates && caller.Group.IsLastOnline(caller)) return Answer(frame, wide: false, Denied);
        caller.GoOff();
        return HypercallOutcome.Blocked;
    }

    private static HypercallOutcome Suspend(VCpu caller, HypercallFrame frame, bool wide, ulong state, ulong entry, ulong context)
    {
        Answer(frame, wide, 0);
        if (caller.Engine.WakePending) return HypercallOutcome.Completed;
        caller.Suspend(state);

        // Power-down loses the context: the vCPU comes back through a warm reset at the given entry.
        if ((state & SuspendPowerDown) != 0)
        {
            caller.ResumesAtEntry = true;
            caller.Engine.PowerOn(entry, context);
        }

        return HypercallOutcome.Blocked;
    }

    private static HypercallOutcome SystemPower(VCpu caller, PsciReset? reset)
    {
        caller.SystemPowerCall(reset);
        return HypercallOutcome.Blocked;
    }
}
