using System.Buffers;
using System.Diagnostics;
using Microsoft.Extensions.ObjectPool;

namespace RmStack.Transport;

/// <summary>Slabs in ordinary process memory, for ports that are not bound to a VM's RAM. Every slab has the same size and is used again.</summary>
public sealed class SlabPool : MemoryPool<byte>
{
    /// <summary>Bytes of one slab: the longest message with a header's room in front fits.</summary>
    public const int SlabSize = 16 * 1024;

    private const int RetainedSlabs = 64;
    private readonly ObjectPool<Slab> _slabs;

    /// <summary>An empty pool; slabs are made when needed.</summary>
    public SlabPool() => _slabs = new DefaultObjectPool<Slab>(new SlabPolicy(this), RetainedSlabs);

    /// <summary>A pool for whoever has no reason to own one.</summary>
    public static new SlabPool Shared { get; } = new();

    /// <inheritdoc/>
    public override int MaxBufferSize => SlabSize;

    /// <summary>A slab of 16 KiB; more cannot be had.</summary>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, SlabSize);
        var slab = _slabs.Get();
        slab.Rented = true;
        return slab;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // Slabs are ordinary arrays: the collector takes them.
    }

    private sealed class Slab(SlabPool pool) : IMemoryOwner<byte>
    {
        private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(SlabSize, pinned: true);

        public bool Rented { get; set; }

        public Memory<byte> Memory => _bytes;

        public void Dispose()
        {
            Debug.Assert(Rented, "a slab was given back twice");
            if (!Rented)
                return;
            Rented = false;
            pool._slabs.Return(this);
        }
    }

    private sealed class SlabPolicy(SlabPool pool) : PooledObjectPolicy<Slab>
    {
        public override Slab Create() => new(pool);

        public override bool Return(Slab obj) => true;
    }
}
