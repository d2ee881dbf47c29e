using RmStack.Hypervisor.Memory;
using RmStack.Hypervisor.Objects;
using RmStack.Hypervisor.Virqs;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Hypercalls;

/// <summary>Virtual interrupt controllers (Gunyah API: vic_*, vgic_*, addrspace_attach_vdevice).</summary>
internal static class VicCalls
{
    private const ulong LastValid = 1;
    private const ulong Last = 2;

    public static HypercallEntry[] Entries { get; } =
    [
        new(HypercallNumber.VicConfigure, "vic_configure", "vic:x max_vcpus:w max_virqs:w options:x max_msis:w", "error", Configure),
        new(HypercallNumber.VicAttachVCpu, "vic_attach_vcpu", "vic:x vcpu:x index:w _:z", "error", AttachVcpu),
        new(HypercallNumber.VGicSetMpidrMapping, "vgic_set_mpidr_mapping", "vic:x mask:x aff0_shift:w aff1_shift:w aff2_shift:w aff3_shift:w mt:b", "error", SetMpidrMapping),
        new(HypercallNumber.AddrSpaceAttachVDevice, "addrspace_attach_vdevice", "addrspace:x vic:x index:w vbase:x size:x flags:x", "error", AttachVdevice),
    ];

    private static void Configure(ref HypercallCall call)
    {
        if (call.LookupForSetup(0, ObjectType.Vic, out Vic vic))
            call.Return(vic.Configure(call.Word(1), call.Word(2), call.Arg(3), call.Word(4)));
    }

    private static void AttachVcpu(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.Vic, CapRights.VicAttachVcpu, out Vic vic)) return;
        if (call.LookupForSetup(1, ObjectType.Thread, out VCpu vcpu)) call.Return(vcpu.Attach(vic, call.Word(2)));
    }

    private static void SetMpidrMapping(ref HypercallCall call)
    {
        if (!call.LookupForSetup(0, ObjectType.Vic, out Vic vic)) return;
        call.Return(vic.SetMpidrMapping(new MpidrMapping(
            call.Word(1), call.Word(2), call.Word(3), call.Word(4), call.Word(5), call.Arg(6) != 0)));
    }

    private static void AttachVdevice(ref HypercallCall call)
    {
        if (!call.Lookup(0, ObjectType.AddressSpace, CapRights.AddressSpaceMap, out AddressSpace space)) return;
        if (!call.Lookup(1, ObjectType.Vic, CapRights.VicAttachVdevice, out Vic vic)) return;
        var index = call.Word(2);
        var flags = call.Arg(5);
        if (index > (uint)vic.MaxVcpus || (flags & ~(index == 0 ? 0 : LastValid | Last)) != 0)
        {
            call.Return(GunyahError.ArgumentInvalid);
            return;
        }

        if (index > 0 && vic.VCpuAt((int)index - 1) is null)
        {
            call.Return(GunyahError.Idle);
            return;
        }

        if (space.HasDevice(vic, (int)index))
        {
            call.Return(GunyahError.Busy);
            return;
        }

        var error = space.Attach(new VirtualDevice(vic, (int)index, call.Arg(3), call.Arg(4)));
        if (error == GunyahError.Ok && index > 0)
            vic.SetLastFrame((int)index - 1, (flags & LastValid) != 0 ? (flags & Last) != 0 : index == vic.MaxVcpus);
        call.Return(error);
    }
}
