using System.Buffers;

namespace RmStack.Testing;

/// <summary>
/// Slabs that are counted, and poisoned when they come back: whoever still reads or sends from one has the wrong bytes, and whoever gives one back
/// twice, or keeps it, is found. The memory serves the next pool of the thread.
/// </summary>
public sealed class CountingPool : MemoryPool<byte>
{
    public const int SlabSize = 16 * 1024;
    private const byte Poison = 0xDD;

    [ThreadStatic]
    private static Stack<byte[]>? s_spare;

    public override int MaxBufferSize => SlabSize;

    /// <summary>Slabs that were rented and not given back.</summary>
    public int Outstanding { get; private set; }

    public int Rented { get; private set; }

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, SlabSize);
        Outstanding++;
        Rented++;
        return new Slab(this, (s_spare ??= new()).TryPop(out var spare) ? spare : GC.AllocateUninitializedArray<byte>(SlabSize));
    }

    protected override void Dispose(bool disposing)
    {
        // Nothing of its own.
    }

    private sealed class Slab(CountingPool pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Slab));

        public void Dispose()
        {
            if (_bytes is not { } mine)
                throw new InvalidOperationException("a slab was given back twice");
            _bytes = null;
            mine.AsSpan().Fill(Poison);
            s_spare!.Push(mine);
            pool.Outstanding--;
        }
    }
}
