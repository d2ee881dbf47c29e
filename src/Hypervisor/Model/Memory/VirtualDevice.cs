using RmStack.Hypervisor.Objects;

namespace RmStack.Hypervisor.Memory;

/// <summary>An emulated device placed in an address space by addrspace_attach_vdevice: the distributor or a redistributor.</summary>
internal sealed class VirtualDevice(Vic vic, int index, ulong start, ulong size)
{
    public Vic Vic { get; } = vic;

    /// <summary>0 the distributor, n the redistributor of VIC slot n - 1.</summary>
    public int Index { get; } = index;

    public ulong Base { get; } = start;

    public ulong Size { get; } = size;

    /// <summary>
    /// Reads a register. False: the device refuses, the guest gets an external abort. A vCPU of another controller is
    /// refused: its slot means nothing here.
    /// </summary>
    public bool TryRead(VCpu vcpu, ulong ipa, int size, out ulong value)
    {
        value = 0;
        var offset = ipa - Base;
        if (vcpu.Vic != Vic || offset > uint.MaxValue) return false;
        return Index == 0
            ? Vic.Gic.TryReadDistributor(vcpu.VicIndex, (uint)offset, size, out value)
            : Vic.Gic.TryReadRedistributor(vcpu.VicIndex, Index - 1, (uint)offset, size, out value);
    }

    /// <summary>Writes a register. False: the device refuses, the guest gets an external abort.</summary>
    public bool TryWrite(VCpu vcpu, ulong ipa, int size, ulong value)
    {
        var offset = ipa - Base;
        if (vcpu.Vic != Vic || offset > uint.MaxValue) return false;
        return Index == 0
            ? Vic.Gic.TryWriteDistributor(vcpu.VicIndex, (uint)offset, size, value)
            : Vic.Gic.TryWriteRedistributor(vcpu.VicIndex, Index - 1, (uint)offset, size, value);
    }
}
