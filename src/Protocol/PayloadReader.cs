using System.Buffers;
using System.Runtime.CompilerServices;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>
/// Little-endian cursor over a payload. The first read past the end sets <see cref="Status"/> and every read from then on gives zero, so
/// a parser checks once, at its end.
/// </summary>
public ref struct PayloadReader
{
    private readonly WireBytes _payload;

    /// <summary>Reads a payload that lies in one piece.</summary>
    public PayloadReader(ReadOnlySpan<byte> payload)
        : this(new WireBytes(payload))
    {
    }

    /// <summary>Reads a payload that lies in pieces. One that no message can be, above 14616 bytes, is refused unread.</summary>
    public PayloadReader(in ReadOnlySequence<byte> payload)
    {
        if (payload.Length > RpcLimits.MaxContent)
            Status = DecodeStatus.TooLong;
        else
            _payload = new WireBytes(in payload);
    }

    /// <summary>Reads bytes that a view has left for later.</summary>
    internal PayloadReader(WireBytes payload) => _payload = payload;

    /// <summary>Why reading stopped, or Ok.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>Bytes read so far; where reading stopped after a failure.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _payload.Length - Position;

    /// <summary>The bytes not read yet.</summary>
    public readonly WireBytes Rest => _payload.Slice(Position);

    /// <summary>One byte.</summary>
    public byte U8() => Take(sizeof(byte), out var bytes) ? bytes[0] : (byte)0;

    /// <summary>Two bytes.</summary>
    public ushort U16() => Take(sizeof(ushort), out var bytes) ? bytes.U16(0) : (ushort)0;

    /// <summary>Four bytes.</summary>
    public uint U32() => Take(sizeof(uint), out var bytes) ? bytes.U32(0) : 0;

    /// <summary>Eight bytes; they need not be 8-byte aligned.</summary>
    public ulong U64() => Take(sizeof(ulong), out var bytes) ? bytes.U64(0) : 0;

    /// <summary>The next <paramref name="count"/> bytes, or none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WireBytes Bytes(int count)
    {
        Take(count, out var bytes);
        return bytes;
    }

    /// <summary>The whole payload, which must have exactly <paramref name="size"/> bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public WireBytes Exactly(int size)
    {
        if (Remaining != size)
            FailAt(Math.Min(_payload.Length, Position + size), DecodeStatus.BadLength);
        return Bytes(size);
    }

    /// <summary>Fails unless the payload has at least <paramref name="size"/> bytes in all.</summary>
    public void RequireAtLeast(int size)
    {
        if (_payload.Length < size)
            FailAt(_payload.Length, DecodeStatus.TooShort);
    }

    /// <summary>Fails when one of the <paramref name="count"/> bytes at <paramref name="offset"/>, which were read already, is not zero.</summary>
    public void RequireZero(int offset, int count)
    {
        if (Status == DecodeStatus.Ok && !_payload.Slice(offset, count).IsZero())
            FailAt(offset, DecodeStatus.ReservedNotZero);
    }

    /// <summary>
    /// A counted list as the RM reads it: no bytes left is an empty list, where it may be missing; else a count word (u16 count, u16 of another use) and the
    /// entries. RM: rm-rpc.c, memparcel.c.
    /// </summary>
    public WireList<T> List<T>(int limit = RpcLimits.MaxListEntries, bool mayBeMissing = true)
        where T : struct, IWireElement<T>
    {
        if (Remaining == 0 && mayBeMissing)
            return default;
        var start = Position;
        if (Remaining < Wire.CountSize)
        {
            FailAt(start, DecodeStatus.ListOverrun);
            return default;
        }

        var count = U16();
        var upperHalf = U16();
        return Status == DecodeStatus.Ok ? Entries<T>(count, limit, start, upperHalf) : default;
    }

    /// <summary>A list behind a 32-bit count, as replies carry it.</summary>
    public WireList<T> List32<T>(int limit = int.MaxValue)
        where T : struct, IWireElement<T>
    {
        var start = Position;
        var count = U32();
        return Status == DecodeStatus.Ok ? Entries<T>(count, limit, start) : default;
    }

    /// <summary><paramref name="count"/> entries whose count was read before.</summary>
    public WireList<T> Entries<T>(uint count, int limit = int.MaxValue)
        where T : struct, IWireElement<T> => Entries<T>(count, limit, Position);

    /// <summary>Zero bytes up to the next multiple of 4.</summary>
    public void ZeroPadding()
    {
        if (Take(-Position & 3, out var padding) && !padding.IsZero())
            Fail(DecodeStatus.BadPadding);
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

    private WireList<T> Entries<T>(uint count, int limit, int start, ushort upperHalf = 0)
        where T : struct, IWireElement<T>
    {
        if (count > (uint)limit)
        {
            FailAt(start, DecodeStatus.ListTooLong);
            return default;
        }

        if (count > (uint)(Remaining / T.Size))
        {
            FailAt(start, DecodeStatus.ListOverrun);
            return default;
        }

        return new WireList<T>(Bytes((int)count * T.Size), upperHalf);
    }

    private void FailAt(int position, DecodeStatus status)
    {
        if (Status != DecodeStatus.Ok)
            return;
        Position = position;
        Status = status;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Take(int count, out WireBytes bytes)
    {
        if (Status == DecodeStatus.Ok && (uint)count <= (uint)Remaining)
        {
            bytes = _payload.Slice(Position, count);
            Position += count;
            return true;
        }

        bytes = default;
        Fail(DecodeStatus.TooShort);
        return false;
    }
}
