using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>
/// Little-endian cursor into a buffer, or into an <see cref="IBufferWriter{T}"/> such as a pipe. It writes every byte that it passes,
/// reserved ones as zero, so no old byte of a reused buffer gets out. The first write past the end of a fixed buffer sets
/// <see cref="Status"/>; nothing is written from then on.
/// </summary>
/// <remarks>Message writers take one by value; a span or an array converts to it: <c>VmStart.Write(buffer, vmid)</c>.</remarks>
public ref struct PayloadWriter
{
    private readonly IBufferWriter<byte>? _output;
    private Span<byte> _buffer;
    private int _committed;

    /// <summary>Writes into a buffer of fixed size.</summary>
    public PayloadWriter(Span<byte> buffer) => _buffer = buffer;

    /// <summary>Writes into <paramref name="output"/>, asking it for room as needed; <see cref="End"/> hands over the last piece.</summary>
    public PayloadWriter(IBufferWriter<byte> output) => _output = output;

    /// <summary>NoRoom after a write that did not fit, else Ok.</summary>
    public DecodeStatus Status { get; private set; }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Writes into a buffer of fixed size.</summary>
    public static implicit operator PayloadWriter(Span<byte> buffer) => new(buffer);

    /// <summary>Writes into an array.</summary>
    public static implicit operator PayloadWriter(byte[] buffer) => new(buffer.AsSpan());

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
        if (T.HasWireLayout)
        {
            Bytes(MemoryMarshal.AsBytes(entries));
            return;
        }

        foreach (var entry in entries)
        {
            if (Take(T.Size, out var room))
                entry.Write(room);
        }
    }

    /// <summary>Zero bytes up to the next multiple of 4.</summary>
    public void ZeroPadding() => Reserved(-Length & 3);

    /// <summary>Ends writing. Returns the length; a buffer that was too small is the caller's own mistake and throws.</summary>
    public int End()
    {
        if (Status != DecodeStatus.Ok)
            throw new InvalidOperationException("The buffer is smaller than the message.");
        Commit();
        return Length;
    }

    /// <summary>Room for <paramref name="count"/> bytes that the caller fills completely.</summary>
    internal bool Take(int count, out Span<byte> room)
    {
        var used = Length - _committed;
        if ((uint)count > (uint)(_buffer.Length - used) && !TryRefill(count))
        {
            Status = DecodeStatus.NoRoom;
            room = default;
            return false;
        }

        room = _buffer.Slice(Length - _committed, count);
        Length += count;
        return true;
    }

    private bool TryRefill(int count)
    {
        if (_output is null)
        {
            // A write that did not fit stays the last one, even if a shorter one would still fit.
            _buffer = default;
            _committed = Length;
            return false;
        }

        Commit();
        _buffer = _output.GetSpan(count);
        return true;
    }

    private void Commit()
    {
        if (_output is null)
            return;
        _output.Advance(Length - _committed);
        _committed = Length;
        _buffer = default;
    }
}
