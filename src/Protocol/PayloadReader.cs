using System.Buffers.Binary;

namespace RmStack.Protocol;

/// <summary>
/// Little-endian cursor over a payload. The first read past the end sets <see cref="Status"/> and every read from then on gives zero, so
/// a parser checks once, at its end.
/// </summary>
public ref struct PayloadReader(ReadOnlySpan<byte> payload)
{
    private readonly ReadOnlySpan<byte> _payload = payload;

    /// <summary>Why reading stopped, or Ok.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>Bytes read so far; where reading stopped after a failure.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _payload.Length - Position;

    /// <summary>One byte.</summary>
    public byte U8() => Take(1) is [var value] ? value : (byte)0;

    /// <summary>Two bytes.</summary>
    public ushort U16() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    /// <summary>Four bytes.</summary>
    public uint U32() => Take(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    /// <summary>Eight bytes; they need not be 8-byte aligned.</summary>
    public ulong U64() => Take(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>The next <paramref name="count"/> bytes, or none.</summary>
    public ReadOnlySpan<byte> Bytes(int count) => Take(count);

    /// <summary>Zero bytes up to the next multiple of 4.</summary>
    public void ZeroPadding()
    {
        foreach (var pad in Take(-Position & 3))
        {
            if (pad != 0)
                Fail(DecodeStatus.BadPadding);
        }
    }

    /// <summary>Records a failure that the caller found; the first one stays.</summary>
    public void Fail(DecodeStatus status)
    {
        if (Status == DecodeStatus.Ok)
            Status = status;
    }

    /// <summary>Ends reading: whatever went wrong first, or TrailingBytes when anything is left.</summary>
    public DecodeStatus End()
    {
        if (Status == DecodeStatus.Ok && Remaining != 0)
            Fail(DecodeStatus.TrailingBytes);
        return Status;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (Status != DecodeStatus.Ok)
            return default;
        if ((uint)count > (uint)Remaining)
        {
            Fail(DecodeStatus.TooShort);
            return default;
        }

        var taken = _payload.Slice(Position, count);
        Position += count;
        return taken;
    }
}
