using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Whether the caller of a hypercall goes on.</summary>
public enum HypercallOutcome
{
    /// <summary>The results are in the frame.</summary>
    Completed,

    /// <summary>The vCPU is inside the call, or off: its engine gives the physical CPU back.</summary>
    Blocked,
}

/// <summary>
/// Where every call into the hypervisor arrives: HVC with a native immediate, HVC or SMC by the SMC calling convention
/// (Gunyah API: calling convention; hypervisor: vectors.S, smccc_hypercalls.c). HOT.
/// </summary>
public sealed class HypercallDispatcher
{
    private const ulong Unhandled = ulong.MaxValue;
    private const uint SmcccReservedBits = 0x00fe_0000;
    private const uint SmcccFast = 0x8000_0000;
    private const uint Smccc64 = 0x4000_0000;

    private readonly GunyahHypervisor _hypervisor;
    private readonly HypercallEntry?[] _table = HypercallTable.ByNumber;

    internal HypercallDispatcher(GunyahHypervisor hypervisor) => _hypervisor = hypervisor;

    /// <summary>Calls answered.</summary>
    public ulong Calls { get; private set; }

    /// <summary>Handles one call. It never runs another vCPU: it completes, or leaves the caller blocked.</summary>
    public HypercallOutcome Invoke(VCpu caller, HypercallFrame frame)
    {
        Calls++;
        _hypervisor.Clock.Advance(_hypervisor.Options.HypercallTicks);
        frame.ScratchesHighRegisters = false;
        if (frame.Conduit == HypercallConduit.Hvc
            && (uint)(frame.Immediate - HypercallNumber.HvcImmediateBase) <= HypercallNumber.Highest)
            return Native(caller, frame, frame.Immediate - HypercallNumber.HvcImmediateBase);
        if (frame.Immediate == 0) return Smccc(caller, frame);
        frame.X[0] = Unhandled;
        return HypercallOutcome.Completed;
    }

    /// <summary>Ends the vcpu_run that a vCPU is inside of, with the state its target has now.</summary>
    internal void CompleteRun(VCpu runner)
    {
        var report = runner.Running!.EndRun();
        var frame = runner.PendingFrame!;
        runner.PendingFrame = null;
        var smccc = !frame.ScratchesHighRegisters;
        HypercallRegisters results = default;
        VcpuCalls.Report(ref results, report);
        Store(frame, VcpuCalls.RunEntry, ref results, smccc);
        _hypervisor.Tap?.HypercallCompleted(runner, VcpuCalls.RunEntry, GunyahError.Ok);
        runner.Engine.CompleteHypercall(frame);
    }

    private static void Store(HypercallFrame frame, HypercallEntry entry, ref HypercallRegisters results, bool smccc)
    {
        var x = frame.X;
        var outputs = entry.Outputs.Count;
        for (var n = 0; n < outputs; n++) x[n] = results[n];
        if (smccc) return;
        for (var n = outputs; n < HypercallFrame.RegisterCount; n++) x[n] = 0;
    }

    private HypercallOutcome Native(VCpu caller, HypercallFrame frame, int number)
    {
        frame.ScratchesHighRegisters = true;
        if (_table[number] is { Handler: not null } entry) return Perform(caller, frame, entry, smccc: false);
        frame.X.AsSpan().Clear();
        frame.X[0] = Unhandled;
        return HypercallOutcome.Completed;
    }

    private HypercallOutcome Smccc(VCpu caller, HypercallFrame frame)
    {
        var function = (uint)frame.X[0];
        if ((function & SmcccReservedBits) != 0)
        {
            frame.X[0] = Unhandled;
            return HypercallOutcome.Completed;
        }

        if (((function >> 24) & 0x3f) != SmcccServices.OwnerVendorHyp) return SmcccServices.Invoke(caller, frame, function);
        if (((function >> 14) & 3) != SmcccServices.ClassHypercall) return SmcccServices.InvokeVendor(frame, function);

        var number = (int)(function & 0x3fff);
        if ((function & (SmcccFast | Smccc64)) == (SmcccFast | Smccc64)
            && number <= HypercallNumber.Highest && _table[number] is { Handler: not null } entry)
            return Perform(caller, frame, entry, smccc: true);
        frame.X[0] = Unhandled;
        return HypercallOutcome.Completed;
    }

    private HypercallOutcome Perform(VCpu caller, HypercallFrame frame, HypercallEntry entry, bool smccc)
    {
        var call = new HypercallCall { Caller = caller, Hypervisor = _hypervisor };
        var inputs = entry.Inputs;
        var shift = smccc ? 1 : 0;
        for (var n = 0; n < inputs.Count; n++)
        {
            var register = n + shift < HypercallFrame.RegisterCount ? frame.X[n + shift] : 0;
            var kind = inputs[n].Kind;
            if (!smccc && ((kind == HypercallArgumentKind.Zero && register != 0)
                || (kind == HypercallArgumentKind.Ones && register != ulong.MaxValue)))
            {
                // Reserved arguments are checked only here, from left to right, before any capability is looked up.
                call.Return(GunyahError.ArgumentInvalid);
                Store(frame, entry, ref call.Results, smccc: false);
                return HypercallOutcome.Completed;
            }

            call.Arguments[n] = HypercallEntry.Convert(kind, register);
        }

        entry.Handler!(ref call);
        if (call.Deferred)
        {
            caller.PendingFrame = frame;
            return HypercallOutcome.Blocked;
        }

        Store(frame, entry, ref call.Results, smccc);
        _hypervisor.Tap?.HypercallCompleted(caller, entry, entry.ReturnsError ? (GunyahError)(int)call.Results[0] : GunyahError.Ok);
        return caller.Runnable ? HypercallOutcome.Completed : HypercallOutcome.Blocked;
    }
}
