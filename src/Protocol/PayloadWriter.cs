using System.Buffers.Binary;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>
/// Little-endian cursor into a buffer. It writes every byte that it passes, reserved ones as zero, so no old byte of a reused buffer gets
/// out. The first write past the end sets <see cref="Status"/>; nothing is written from then on.
/// </summary>
public ref struct PayloadWriter(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;

    /// <summary>NoRoom after a write that did not fit, else Ok.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>One byte.</summary>
    public void U8(byte value)
    {
        if (Take(1, out var room))
            room[0] = value;
    }

    /// <summary>Two bytes.</summary>
    public void U16(ushort value)
    {
        if (Take(2, out var room))
            BinaryPrimitives.WriteUInt16LittleEndian(room, value);
    }

    /// <summary>Four bytes.</summary>
    public void U32(uint value)
    {
        if (Take(4, out var room))
            BinaryPrimitives.WriteUInt32LittleEndian(room, value);
    }

    /// <summary>Eight bytes.</summary>
    public void U64(ulong value)
    {
        if (Take(8, out var room))
            BinaryPrimitives.WriteUInt64LittleEndian(room, value);
    }

    /// <summary>Bytes as they are.</summary>
    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        if (Take(bytes.Length, out var room))
            bytes.CopyTo(room);
    }

    /// <summary>Reserved bytes: zero.</summary>
    public void Reserved(int count)
    {
        if (Take(count, out var room))
            room.Clear();
    }

    /// <summary>A list behind a count word: u16 count, u16 <paramref name="upperHalf"/>, entries.</summary>
    public void List<T>(ReadOnlySpan<T> entries, ushort upperHalf = 0)
        where T : struct, IWireElement<T>
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entries.Length, ushort.MaxValue, nameof(entries));
        U16((ushort)entries.Length);
        U16(upperHalf);
        Entries(entries);
    }

    /// <summary>A list behind a 32-bit count.</summary>
    public void List32<T>(ReadOnlySpan<T> entries)
        where T : struct, IWireElement<T>
    {
        U32((uint)entries.Length);
        Entries(entries);
    }

    /// <summary>Entries without a count.</summary>
    public void Entries<T>(ReadOnlySpan<T> entries)
        where T : struct, IWireElement<T>
    {
        foreach (var entry in entries)
        {
            if (Take(T.Size, out var room))
                entry.Write(room);
        }
    }

    /// <summary>Zero bytes up to the next multiple of 4.</summary>
    public void ZeroPadding() => Reserved(-Length & 3);

    /// <summary>Ends writing. Returns the length; a buffer that was too small is the caller's own mistake and throws.</summary>
    public readonly int End() => Status == DecodeStatus.Ok
        ? Length
        : throw new ArgumentException("The buffer is smaller than the message.", nameof(buffer));

    /// <summary>Room for <paramref name="count"/> bytes that the caller fills completely.</summary>
    internal bool Take(int count, out Span<byte> room)
    {
        if (Status != DecodeStatus.Ok || (uint)count > (uint)(_buffer.Length - Length))
        {
            Status = DecodeStatus.NoRoom;
            room = default;
            return false;
        }

        room = _buffer.Slice(Length, count);
        Length += count;
        return true;
    }
}
