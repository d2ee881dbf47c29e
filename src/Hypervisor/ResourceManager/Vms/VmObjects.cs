using RmStack.Hypervisor.Native;
using RmStack.Protocol.Hypercalls;
using RmStack.ResourceManager.Platform;

namespace RmStack.ResourceManager.Vms;

/// <summary>What the objects of a VM are to be like.</summary>
internal readonly record struct VmPlan
{
    /// <summary>The VM.</summary>
    public required ushort Vmid { get; init; }

    /// <summary>Its vCPUs have PSCI.</summary>
    public bool HasPowerGroup { get; init; }

    /// <summary>The vCPUs' affinities are their indices, whatever the hardware's are (VMs that the platform did not authenticate).</summary>
    public bool LinearMpidr { get; init; }

    /// <summary>Bytes from address 0 on whose accesses the proxy serves; 0 for none.</summary>
    public ulong VmmioSize { get; init; }
}

/// <summary>What one vCPU is to be like.</summary>
internal readonly record struct VcpuPlan
{
    /// <summary>Its slot.</summary>
    public required int Index { get; init; }

    /// <summary>Options of vcpu_configure.</summary>
    public ulong Options { get; init; }

    /// <summary>Physical CPU, or <see cref="HypConstants.NoAffinity"/>.</summary>
    public ushort Affinity { get; init; }
}

/// <summary>
/// The hypervisor objects of one VM: made in the order the RM makes them, given up all together. What a failed creation
/// left behind is given up the same way (RM: vm_creation.c, hlos_vm.c).
/// </summary>
internal sealed class VmObjects(RmPlatform platform)
{
    private const uint MaxCaps = 1024;
    private const ulong DistributorSize = 0x1_0000;
    private const ulong RedistributorSize = 0x2_0000;

    private CapId _cspace = CapId.Invalid;
    private CapId _addressSpace = CapId.Invalid;
    private CapId _vic = CapId.Invalid;
    private CapId _powerGroup = CapId.Invalid;
    private CapId _memExtent = CapId.Invalid;
    private CapId _infoExtent = CapId.Invalid;

    /// <summary>The VM's capabilities.</summary>
    public CapId CSpace => _cspace;

    public CapId AddressSpace => _addressSpace;

    public CapId Vic => _vic;

    /// <summary>Owns the memory that is the VM's for good.</summary>
    public CapId MemExtent => _memExtent;

    /// <summary>Its vCPUs in order.</summary>
    public List<VmVcpu> Vcpus { get; } = [];

    private HypercallStubs Hyp => platform.Hyp;

    /// <summary>Makes CSpace, address space, interrupt controller, power group and memory extent.</summary>
    public GunyahError Create(in VmPlan plan)
    {
        var attempt = new Attempt();
        _ = CreateSpaces(plan, attempt) && CreateVic(plan, attempt) && CreatePowerGroup(plan, attempt)
            && attempt.Ok(platform.CreateExtent(out _memExtent));
        return attempt.Failure;
    }

    /// <summary>Makes the read-only page that the hypervisor keeps for the VM and shows it at an address.</summary>
    public GunyahError CreateInfoArea(ushort vmid, ulong ipa)
    {
        var attempt = new Attempt();
        var offset = RmPlatform.InfoPageOffset(vmid);
        platform.Context.Memory.Clear(platform.Configuration.Layout.RootBase + offset, HypConstants.PageSize);
        _ = attempt.Ok(platform.Create(HypercallNumber.PartitionCreateMemExtent), out _infoExtent)
            && attempt.Ok(Hyp.ConfigureDerived(
                _infoExtent, platform.Configuration.OwnMemExtent, offset, HypConstants.PageSize, HypConstants.BasicReadWriteExtent))
            && attempt.Ok(Hyp.Activate(_infoExtent))
            && attempt.Ok(Hyp.Map(_addressSpace, _infoExtent, ipa, HypConstants.MapAttributes(Protocol.Messages.MemRights.Read), 0, 0, 0));
        return attempt.Failure;
    }

    /// <summary>Makes one vCPU; it is off.</summary>
    public GunyahError AddVcpu(in VcpuPlan plan)
    {
        var attempt = new Attempt();
        if (!attempt.Ok(platform.Create(HypercallNumber.PartitionCreateThread), out var cap)) return attempt.Failure;
        var index = (uint)plan.Index;
        Vcpus.Add(new VmVcpu(plan.Index, cap)
        {
            ProxyScheduled = (plan.Options & HypConstants.VcpuProxyScheduled) != 0,
            Core = plan.Affinity,
        });
        _ = attempt.Ok(Hyp.ConfigureVcpu(cap, plan.Options))
            && attempt.Ok(Hyp.SetAffinity(cap, plan.Affinity))
            && attempt.Ok(Hyp.SetPriority(cap, HypConstants.VcpuPriority))
            && attempt.Ok(Hyp.SetTimeslice(cap, HypConstants.VcpuTimesliceNs))
            && attempt.Ok(Hyp.AttachCSpace(_cspace, cap))
            && attempt.Ok(Hyp.AttachAddressSpace(_addressSpace, cap))
            && attempt.Ok(Hyp.AttachVic(_vic, cap, index))
            && (!_powerGroup.IsValid || attempt.Ok(Hyp.AttachVpmGroup(_powerGroup, cap, index)))
            && attempt.Ok(Hyp.Activate(cap));
        return attempt.Failure;
    }

    /// <summary>Puts the interrupt controller into the address space: the distributor, and a redistributor for each vCPU.</summary>
    public GunyahError PlaceVic(ulong gicd, ulong gicr, ulong stride = RedistributorSize)
    {
        var attempt = new Attempt();
        if (!attempt.Ok(Hyp.AttachVdevice(_addressSpace, _vic, 0, gicd, DistributorSize, 0))) return attempt.Failure;
        for (var n = 0; n < Vcpus.Count; n++)
        {
            var flags = HypConstants.GicrLastValid | (n == Vcpus.Count - 1 ? HypConstants.GicrLast : 0);
            var index = (uint)Vcpus[n].Index + 1;
            if (!attempt.Ok(Hyp.AttachVdevice(_addressSpace, _vic, index, gicr + ((ulong)n * stride), stride, flags))) break;
        }

        return attempt.Failure;
    }

    /// <summary>Tells every vCPU to exit.</summary>
    public void Kill()
    {
        foreach (var vcpu in Vcpus)
            if (vcpu.Cap.IsValid && Hyp.Kill(vcpu.Cap) == GunyahError.Ok)
                vcpu.Killed = true;
    }

    /// <summary>Gives everything up. The vCPUs' interrupts and their owner's capabilities are gone by now.</summary>
    public void Destroy()
    {
        foreach (var vcpu in Vcpus) platform.Drop(ref vcpu.Cap);
        Vcpus.Clear();
        platform.Drop(ref _powerGroup);
        platform.Drop(ref _vic);
        platform.Drop(ref _infoExtent);
        platform.Drop(ref _memExtent);
        platform.Drop(ref _addressSpace);
        platform.Drop(ref _cspace);
    }

    private bool CreateSpaces(in VmPlan plan, Attempt attempt) =>
        attempt.Ok(platform.Create(HypercallNumber.PartitionCreateCSpace), out _cspace)
        && attempt.Ok(Hyp.ConfigureCSpace(_cspace, MaxCaps))
        && attempt.Ok(Hyp.Activate(_cspace))
        && attempt.Ok(platform.Create(HypercallNumber.PartitionCreateAddrSpace), out _addressSpace)
        && attempt.Ok(Hyp.ConfigureAddressSpace(_addressSpace, plan.Vmid))
        && (plan.VmmioSize == 0 || attempt.Ok(Hyp.AddVmmioRange(_addressSpace, 0, plan.VmmioSize)))
        && attempt.Ok(Hyp.Activate(_addressSpace));

    private bool CreateVic(in VmPlan plan, Attempt attempt)
    {
        return attempt.Ok(platform.Create(HypercallNumber.PartitionCreateVic), out _vic)
            && attempt.Ok(Hyp.ConfigureVic(_vic, (uint)platform.UsableCores, HypConstants.VicMaxVirqs, HypConstants.VicDisableDefaultAddress, 0))
            && (!plan.LinearMpidr || attempt.Ok(Hyp.SetMpidrMapping(_vic, HypConstants.LinearMpidrMask, 0, 8, 16, 24, mt: false)))
            && attempt.Ok(Hyp.Activate(_vic));
    }

    private bool CreatePowerGroup(in VmPlan plan, Attempt attempt) =>
        !plan.HasPowerGroup
        || (attempt.Ok(platform.Create(HypercallNumber.PartitionCreateVpmGroup), out _powerGroup)
            && attempt.Ok(Hyp.ConfigureVpmGroup(_powerGroup, HypConstants.VpmNoAggregation))
            && attempt.Ok(Hyp.Activate(_powerGroup)));
}
