using RmStack.Hypervisor.Objects;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Power management groups (Gunyah API: vpm_group_*).</summary>
internal static class VpmGroupCalls
{
    private const ulong Running = 1;
    private const ulong CpusSuspended = 2;

    public static HypercallEntry[] Entries { get; } =
    [
        new(HypercallNumber.VpmGroupAttachVCpu, "vpm_group_attach_vcpu", "vpm_group:x vcpu:x index:w _:z", "error", AttachVcpu),
        new(HypercallNumber.VpmGroupBindVIrq, "vpm_group_bind_virq", "vpm_group:x vic:x virq:w _:z", "error", BindVirq),
        new(HypercallNumber.VpmGroupUnbindVIrq, "vpm_group_unbind_virq", "vpm_group:x _:z", "error", UnbindVirq),
        new(HypercallNumber.VpmGroupGetState, "vpm_group_get_state", "vpm_group:x _:z", "error state", GetState),
        new(HypercallNumber.VpmGroupConfigure, "vpm_group_configure", "vpm_group:x flags:x _:z", "error", Configure),
    ];

    private static void Configure(ref HypercallCall call)
    {
        if ((call.Arg(1) & ~1UL) != 0) call.Return(GunyahError.Unimplemented);
        else if (call.LookupForSetup(0, ObjectType.VpmGroup, out VpmGroup group)) call.Return(group.Configure(call.Arg(1)));
    }

    private static void AttachVcpu(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.VpmGroup, CapRights.VpmGroupAttachVcpu, out VpmGroup group)) return;
        if (call.LookupForSetup(1, ObjectType.Thread, out VCpu vcpu)) call.Return(vcpu.Attach(group, call.Word(2)));
    }

    private static void BindVirq(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.VpmGroup, CapRights.VpmGroupBindVirq, out VpmGroup group)) IpcCalls.Bind(ref call, group.Virq);
    }

    private static void UnbindVirq(ref HypercallCall call)
    {
        if (call.Lookup(0, ObjectType.VpmGroup, CapRights.VpmGroupBindVirq, out VpmGroup group)) group.Virq.Unbind();
    }

    private static void GetState(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.VpmGroup, CapRights.VpmGroupQuery, out VpmGroup group)) return;
        var awake = group.VCpus.Any(static v => (v.Blocked & (VCpuBlock.Off | VCpuBlock.Exited | VCpuBlock.Suspended)) == 0);
        call.Result(1, awake ? Running : CpusSuspended);
    }
}
