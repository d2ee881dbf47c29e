using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using RmStack.Protocol;

namespace RmStack.Transport.Rpc;

/// <summary>
/// Bytes that somebody may read until they are given back, once. Every lease has a number, and only the holder of the current one can read the
/// bytes or give them back: copies of a result, and a second Dispose, do no harm. A field of whoever owns the bytes.
/// </summary>
[SuppressMessage("Performance", "CA1815", Justification = "A mutable field, never compared.")]
internal struct PayloadLease
{
    private const int SmallSize = RpcLimits.ContentPerPacket;
    private byte[]? _small;
    private byte[]? _large;
    private int _number;

    /// <summary>Bytes that are kept.</summary>
    public int Length { get; private set; }

    /// <summary>Of the present lease.</summary>
    public int Number => Volatile.Read(ref _number);

    /// <summary>Keeps a copy: the memory that a payload arrives in belongs to the receiver.</summary>
    public void Store(ReadOnlySpan<byte> payload)
    {
        if (payload.Length > SmallSize)
            payload.CopyTo(_large = ArrayPool<byte>.Shared.Rent(payload.Length));
        else
            payload.CopyTo(_small ??= new byte[SmallSize]);
        Length = payload.Length;
    }

    public readonly ReadOnlyMemory<byte> Read(int number, Type reader)
    {
        ObjectDisposedException.ThrowIf(number != _number, reader);
        return new ReadOnlyMemory<byte>(_large ?? _small, 0, Length);
    }

    /// <summary>Ends a lease. False: it had ended before.</summary>
    public bool TryEnd(int number)
    {
        if (Interlocked.CompareExchange(ref _number, number + 1, number) != number)
            return false;
        Drop();
        return true;
    }

    /// <summary>Ends the present lease; the owner knows that nobody else does so now.</summary>
    public void End()
    {
        _number++;
        Drop();
    }

    /// <summary>The bytes are not wanted after all.</summary>
    public void Drop()
    {
        Length = 0;
        if (_large is not { } large)
            return;
        _large = null;
        ArrayPool<byte>.Shared.Return(large);
    }
}
