using System.Buffers;
using System.Runtime.InteropServices;
using RmStack.Machine.Memory;

namespace RmStack.Hypervisor.Native;

/// <summary>
/// Buffers in a VM's own RAM. What is written into one is in the VM's memory already, so a hypercall can name it by its
/// address and nothing is copied on the way.
/// </summary>
public sealed class VmSlabPool : MemoryPool<byte>
{
    private readonly Stack<Slab> _free = new();
    private readonly int _slabSize;

    internal VmSlabPool(PhysicalMemory memory, ulong ipa, ulong pa, int slabSize, int count)
    {
        _slabSize = slabSize;
        for (var n = count - 1; n >= 0; n--)
            _free.Push(new Slab(this, memory, ipa + ((ulong)n * (ulong)slabSize), pa + ((ulong)n * (ulong)slabSize), slabSize));
    }

    /// <inheritdoc/>
    public override int MaxBufferSize => _slabSize;

    /// <summary>Buffers nobody has.</summary>
    public int Available => _free.Count;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">More buffers are in use than the pool was made with.</exception>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, _slabSize);
        if (!_free.TryPop(out var slab)) throw new InvalidOperationException("All slabs of the pool are in use.");
        return slab;
    }

    /// <summary>Where in the VM's address space a piece of a slab is.</summary>
    /// <returns>False for memory that is not of such a pool.</returns>
    public static bool TryGetIpa(ReadOnlyMemory<byte> memory, out ulong ipa)
    {
        ipa = 0;
        if (!MemoryMarshal.TryGetMemoryManager<byte, Slab>(memory, out var slab, out var start, out _)) return false;
        ipa = slab.Ipa + (ulong)start;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _free.Clear();

    private sealed unsafe class Slab(VmSlabPool pool, PhysicalMemory memory, ulong ipa, ulong pa, int size) : MemoryManager<byte>, IMemoryOwner<byte>
    {
        public ulong Ipa { get; } = ipa;

        // Giving a slab back keeps it usable for the next one who rents it.
        void IDisposable.Dispose() => pool._free.Push(this);

        public override Span<byte> GetSpan() => new(memory.Pointer(pa), size);

        public override MemoryHandle Pin(int elementIndex = 0) => new(memory.Pointer(pa) + elementIndex);

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
