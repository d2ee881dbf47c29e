using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Scheduling;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Virtual CPUs (Gunyah API: vcpu_*).</summary>
internal static class VcpuCalls
{
    public static HypercallEntry RunEntry { get; } =
        new(HypercallNumber.VCpuRun, "vcpu_run", "vcpu:x resume_data_0:x resume_data_1:x resume_data_2:x _:z", "error vcpu_state state_data_0 state_data_1 state_data_2", Run);

    public static HypercallEntry[] Entries { get; } =
    [
        new(HypercallNumber.VCpuConfigure, "vcpu_configure", "vcpu:x options:x _:z", "error", Configure),
        new(HypercallNumber.VCpuPoweron, "vcpu_poweron", "vcpu:x entry_point_addr:x context:x flags:x", "error", PowerOn),
        new(HypercallNumber.VCpuPoweroff, "vcpu_poweroff", "vcpu:x flags:x", "error", PowerOff),
        new(HypercallNumber.VCpuKill, "vcpu_kill", "vcpu:x _:z", "error", Kill),
        new(HypercallNumber.VCpuSetAffinity, "vcpu_set_affinity", "vcpu:x affinity:h _:m", "error", SetAffinity),
        new(HypercallNumber.VCpuSetPriority, "vcpu_set_priority", "vcpu:x priority:w", "error", SetPriority),
        new(HypercallNumber.VCpuSetTimeslice, "vcpu_set_timeslice", "vcpu:x timeslice:x", "error", SetTimeslice),
        new(HypercallNumber.VCpuBindVIrq, "vcpu_bind_virq", "vcpu:x vic:x virq:w virq_type:w _:z", "error", BindVirq),
        new(HypercallNumber.VCpuUnbindVIrq, "vcpu_unbind_virq", "vcpu:x virq_type:w _:z", "error", UnbindVirq),
        new(HypercallNumber.VCpuRegisterWrite, "vcpu_register_write", "vcpu:x register_set:w register_index:w value:x _:z", "error", RegisterWrite),
        RunEntry,
        new(HypercallNumber.VCpuRunCheck, "vcpu_run_check", "vcpu:x _:z", "error vcpu_state state_data_0 state_data_1 state_data_2", RunCheck),
    ];

    private enum VirqType : uint
    {
        Halt = 0,
        RunWakeup = 1,
    }

    /// <summary>Lays a report into the results of vcpu_run and vcpu_run_check.</summary>
    public static void Report(ref HypercallRegisters results, in VCpuRunReport report)
    {
        results[1] = (uint)report.State;
        results[2] = report.Data0;
        results[3] = report.Data1;
        results[4] = report.Data2;
    }

    private static void Configure(ref HypercallCall call)
    {
        if ((call.Arg(1) & ~VCpu.KnownOptions) != 0) call.Return(GunyahError.ArgumentInvalid);
        else if (call.LookupForSetup(0, ObjectType.Thread, out VCpu vcpu)) call.Return(vcpu.Configure(call.Arg(1)));
    }

    private static void PowerOn(ref HypercallCall call)
    {
        if ((call.Arg(3) & ~3UL) != 0) call.Return(GunyahError.ArgumentInvalid);
        else if (call.Lookup(0, ObjectType.Thread, CapRights.ThreadPower, out VCpu vcpu)) call.Return(vcpu.PowerOn(call.Arg(1), call.Arg(2), call.Arg(3)));
    }

    private static void PowerOff(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.Thread, CapRights.ThreadPower, out VCpu vcpu)) return;
        call.Return(vcpu == call.Caller ? vcpu.PowerOff(call.Arg(1)) : GunyahError.ArgumentInvalid);
    }

    private static void Kill(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.Thread, CapRights.ThreadLifecycle, out VCpu vcpu)) call.Return(vcpu.Kill());
    }

    private static void SetAffinity(ref HypercallCall call)
    {
        var cpu = (ushort)call.Arg(1);
        if (cpu != VCpu.NoAffinity && cpu >= call.Hypervisor.Options.Cores)
        {
            call.Return(GunyahError.ArgumentInvalid);
            return;
        }

        var rights = CapRights.ThreadAffinity | (cpu == VCpu.NoAffinity ? CapRights.ThreadDisable : 0);
        if (call.LookupAnyState(0, ObjectType.Thread, rights, out VCpu vcpu)) call.Return(vcpu.SetAffinity(cpu));
    }

    private static void SetPriority(ref HypercallCall call)
    {
        if (call.LookupAnyState(0, ObjectType.Thread, CapRights.ThreadPriority, out VCpu vcpu)) call.Return(vcpu.SetPriority(call.Word(1)));
    }

    private static void SetTimeslice(ref HypercallCall call)
    {
        if (call.LookupAnyState(0, ObjectType.Thread, CapRights.ThreadTimeslice, out VCpu vcpu)) call.Return(vcpu.SetTimeslice(call.Arg(1)));
    }

    private static void BindVirq(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.Thread, CapRights.ThreadBindVirq, out VCpu vcpu)) return;
        if (!call.Lookup(1, ObjectType.Vic, CapRights.VicBindSource, out Vic vic)) return;
        switch ((VirqType)call.Word(3))
        {
            case VirqType.Halt:
                call.Return(vcpu.HaltVirq.Bind(vic, call.Word(2)));
                break;
            case VirqType.RunWakeup when vcpu == call.Caller || vcpu.Runner is not null || vcpu.Running is not null:
                // On a CPU, or lending its CPU by vcpu_run: a proxy now could close a ring of directed yields.
                call.Return(GunyahError.Busy);
                break;
            case VirqType.RunWakeup:
                var error = vcpu.WakeupVirq.Bind(vic, call.Word(2));
                if (error == GunyahError.Ok && !vcpu.Options.HasFlag(VCpuOptions.ProxyScheduled)) vcpu.MakeProxyScheduled();
                call.Return(error);
                break;
            default:
                call.Return(GunyahError.ArgumentInvalid);
                break;
        }
    }

    private static void UnbindVirq(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.Thread, CapRights.ThreadBindVirq, out VCpu vcpu)) return;
        switch ((VirqType)call.Word(1))
        {
            case VirqType.Halt:
                vcpu.HaltVirq.Unbind();
                break;
            case VirqType.RunWakeup:
                vcpu.WakeupVirq.Unbind();
                break;
            default:
                call.Return(GunyahError.ArgumentInvalid);
                break;
        }
    }

    private static void RegisterWrite(ref HypercallCall call)
    {
        if (call.LookupAnyState(0, ObjectType.Thread, CapRights.ThreadWriteContext, out VCpu vcpu))
            call.Return(vcpu.WriteRegister((VCpuRegisterSet)call.Word(1), call.Word(2), call.Arg(3)));
    }

    private static void Run(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.Thread, CapRights.ThreadAffinity | CapRights.ThreadYieldTo, out VCpu vcpu)) return;
        if (call.Check(vcpu.BeginRun(call.Caller, call.Arg(1)))) call.Deferred = true;
    }

    private static void RunCheck(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.Thread, CapRights.ThreadBindVirq | CapRights.ThreadState, out VCpu vcpu)) return;
        call.Return(vcpu.Check(out var report));
        Report(ref call.Results, report);
    }
}
