using System.Buffers.Binary;
using RmStack.Hypervisor.Objects;
using RmStack.Machine.Memory;
using RmStack.Machine.Mmu;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Hypervisor.Native;

/// <summary>
/// A VM's own view of its memory, for software written in C#: every access is translated by the VM's stage 2 and aborts
/// where a load or store of guest code would.
/// </summary>
public sealed class VmMemory
{
    private const ulong PageMask = PhysicalMemory.PageSize - 1;

    private readonly VCpu _vcpu;
    private readonly PhysicalMemory _physical;

    internal VmMemory(NativeVCpu engine)
    {
        _vcpu = engine.VCpu;
        _physical = _vcpu.Hypervisor.PhysicalMemory;
    }

    /// <summary>Reads; false and the abort where the VM may not.</summary>
    public bool TryRead(ulong ipa, Span<byte> destination, out MemoryAbort abort)
    {
        while (!destination.IsEmpty)
        {
            if (!TryTranslate(ipa, Stage2Access.Read, out var pa, out abort)) return false;
            var run = RunLength(ipa, destination.Length);
            _physical.Readable(pa, run).CopyTo(destination);
            destination = destination[run..];
            ipa += (ulong)run;
        }

        abort = default;
        return true;
    }

    /// <summary>Writes; false and the abort where the VM may not. Pages before the abort have been written.</summary>
    public bool TryWrite(ulong ipa, ReadOnlySpan<byte> source, out MemoryAbort abort)
    {
        while (!source.IsEmpty)
        {
            if (!TryTranslate(ipa, Stage2Access.Write, out var pa, out abort)) return false;
            var run = RunLength(ipa, source.Length);
            source[..run].CopyTo(_physical.Writable(pa, run));
            source = source[run..];
            ipa += (ulong)run;
        }

        abort = default;
        return true;
    }

    /// <summary>Reads memory that the VM is sure to have.</summary>
    /// <exception cref="MemoryAbortException">It has not.</exception>
    public void Read(ulong ipa, Span<byte> destination)
    {
        if (!TryRead(ipa, destination, out var abort)) throw new MemoryAbortException(abort);
    }

    /// <summary>Writes memory that the VM is sure to have.</summary>
    /// <exception cref="MemoryAbortException">It has not.</exception>
    public void Write(ulong ipa, ReadOnlySpan<byte> source)
    {
        if (!TryWrite(ipa, source, out var abort)) throw new MemoryAbortException(abort);
    }

    /// <summary>Writes zeroes.</summary>
    /// <exception cref="MemoryAbortException">The VM does not have the range.</exception>
    public void Clear(ulong ipa, ulong size)
    {
        Span<byte> zeroes = stackalloc byte[PhysicalMemory.PageSize];
        zeroes.Clear();
        while (size > 0)
        {
            var run = (int)Math.Min(size, PhysicalMemory.PageSize - (ipa & PageMask));
            Write(ipa, zeroes[..run]);
            ipa += (ulong)run;
            size -= (ulong)run;
        }
    }

    /// <summary>Makes the pool of buffers that hypercalls can name, in a part of the VM's memory set aside for it.</summary>
    /// <param name="ipa">First address, a multiple of 4096; the range is contiguous in physical memory.</param>
    /// <param name="slabSize">Bytes per buffer, a multiple of 4096.</param>
    /// <param name="count">Buffers.</param>
    /// <exception cref="MemoryAbortException">The VM does not have the range.</exception>
    public VmSlabPool CreatePool(ulong ipa, int slabSize, int count)
    {
        var size = (ulong)slabSize * (ulong)count;
        if (!TryTranslate(ipa, Stage2Access.ReadWrite, out var pa, out var abort)) throw new MemoryAbortException(abort);
        for (var at = (ulong)PhysicalMemory.PageSize; at < size; at += PhysicalMemory.PageSize)
        {
            if (!TryTranslate(ipa + at, Stage2Access.ReadWrite, out var next, out abort) || next != pa + at)
                throw new MemoryAbortException(abort with { Ipa = ipa + at, Reason = MemoryAbortReason.NotMapped });
        }

        return new VmSlabPool(_physical, ipa, pa, slabSize, count);
    }

    /// <summary>A 32-bit load from a device register.</summary>
    /// <exception cref="MemoryAbortException">No device is there, or it refuses.</exception>
    public uint ReadRegister(ulong ipa)
    {
        if (_vcpu.AddressSpace!.DeviceAt(ipa, sizeof(uint)) is { } device && device.TryRead(_vcpu, ipa, sizeof(uint), out var value)) return (uint)value;
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Read(ipa, bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>A store of 4 or 8 bytes to a device register.</summary>
    /// <exception cref="MemoryAbortException">No device is there, or it refuses.</exception>
    public void WriteRegister(ulong ipa, ulong value, int size = sizeof(uint))
    {
        if (_vcpu.AddressSpace!.DeviceAt(ipa, (ulong)size) is { } device && device.TryWrite(_vcpu, ipa, size, value)) return;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        Write(ipa, bytes[..size]);
    }

    private static int RunLength(ulong ipa, int length) => (int)Math.Min((ulong)length, PhysicalMemory.PageSize - (ipa & PageMask));

    private bool TryTranslate(ulong ipa, Stage2Access access, out ulong pa, out MemoryAbort abort)
    {
        var error = _vcpu.Memory.TranslateStage2(ipa, access, out pa);
        abort = error == GunyahError.Ok
            ? default
            : new MemoryAbort(ipa, (access & Stage2Access.Write) != 0, error == GunyahError.Denied ? MemoryAbortReason.Permission : MemoryAbortReason.NotMapped);
        return error == GunyahError.Ok;
    }
}
