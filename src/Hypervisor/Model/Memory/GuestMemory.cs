using System.Runtime.CompilerServices;
using RmStack.Hypervisor.Objects;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Memory;

/// <summary>
/// How the hypervisor reaches memory that a hypercall of one vCPU names: through that vCPU's stage 1 at EL1 and its VM's
/// stage 2, page by page (hypervisor: useraccess.c). HOT.
/// </summary>
public sealed class GuestMemory
{
    private const ulong PageMask = PhysicalMemory.PageSize - 1;
    private const ulong NoPage = ulong.MaxValue;

    private readonly VCpu _vcpu;
    private CachedPage _lastRead = new() { Page = NoPage };
    private CachedPage _lastWrite = new() { Page = NoPage };

    internal GuestMemory(VCpu vcpu) => _vcpu = vcpu;

    /// <summary>Copies from the VM's memory.</summary>
    /// <returns>
    /// AddrOverflow when the range wraps, ArgumentInvalid for a stage-1 fault, Denied for a stage-2 permission fault,
    /// AddrInvalid for any other stage-2 fault. Leading pages may have been copied.
    /// </returns>
    public GunyahError CopyIn(ulong va, Span<byte> destination)
    {
        if (va + (ulong)destination.Length < va) return GunyahError.AddrOverflow;
        while (!destination.IsEmpty)
        {
            var run = (int)Math.Min((ulong)destination.Length, PhysicalMemory.PageSize - (va & PageMask));
            var error = Resolve(va, write: false, ref _lastRead, out var pa);
            if (error != GunyahError.Ok) return error;
            _vcpu.Hypervisor.PhysicalMemory.Readable(pa, run).CopyTo(destination);
            destination = destination[run..];
            va += (ulong)run;
        }

        return GunyahError.Ok;
    }

    /// <summary>Copies into the VM's memory; errors as for <see cref="CopyIn"/>.</summary>
    public GunyahError CopyOut(ulong va, ReadOnlySpan<byte> source)
    {
        if (va + (ulong)source.Length < va) return GunyahError.AddrOverflow;
        while (!source.IsEmpty)
        {
            var run = (int)Math.Min((ulong)source.Length, PhysicalMemory.PageSize - (va & PageMask));
            var error = Resolve(va, write: true, ref _lastWrite, out var pa);
            if (error != GunyahError.Ok) return error;
            source[..run].CopyTo(_vcpu.Hypervisor.PhysicalMemory.Writable(pa, run));
            source = source[run..];
            va += (ulong)run;
        }

        return GunyahError.Ok;
    }

    /// <summary>Stage 2 of the translation of one access at EL1: what the VM's own loads and stores go through.</summary>
    /// <returns>Ok; Denied where the mapping lacks the right; AddrInvalid where nothing is mapped.</returns>
    public GunyahError TranslateStage2(ulong ipa, Stage2Access access, out ulong pa)
    {
        pa = 0;
        var stage2 = _vcpu.AddressSpace!.Stage2;
        if (ipa >> stage2.IpaBits != 0 || !stage2.TryFind(ipa, out var mapping)) return GunyahError.AddrInvalid;
        if ((mapping.Kernel & access) != access) return GunyahError.Denied;
        pa = mapping.Pa + (ipa - mapping.Ipa);
        return _vcpu.Hypervisor.PhysicalMemory.Contains(pa & ~PageMask, PhysicalMemory.PageSize) ? GunyahError.Ok : GunyahError.AddrInvalid;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private GunyahError Resolve(ulong va, bool write, ref CachedPage cached, out ulong pa)
    {
        // A page is remembered for as long as stage 2 stands still; with stage 1 on, each access is translated anew.
        pa = cached.Pa + (va & PageMask);
        return (va & ~PageMask) == cached.Page && cached.Generation == _vcpu.AddressSpace!.Stage2.Generation && !_vcpu.Engine.Stage1Enabled
            ? GunyahError.Ok
            : ResolveSlowly(va, write, ref cached, out pa);
    }

    private GunyahError ResolveSlowly(ulong va, bool write, ref CachedPage cached, out ulong pa)
    {
        cached.Page = NoPage;
        pa = 0;
        if (!_vcpu.Engine.TryTranslate(va, write, out var ipa)) return GunyahError.ArgumentInvalid;
        var error = TranslateStage2(ipa, write ? Stage2Access.Write : Stage2Access.Read, out pa);
        if (error != GunyahError.Ok || ipa != va || _vcpu.Engine.Stage1Enabled) return error;
        cached.Page = va & ~PageMask;
        cached.Pa = pa & ~PageMask;
        cached.Generation = _vcpu.AddressSpace!.Stage2.Generation;
        return GunyahError.Ok;
    }

    private struct CachedPage
    {
        public ulong Page;
        public ulong Pa;
        public uint Generation;
    }
}
