using System.Buffers.Binary;

namespace Kaitai;

/// <summary>
/// Little-endian reads from memory. Names and behaviour are those of the KaitaiStruct.Runtime.CSharp package: a read past the end
/// is an <see cref="EndOfStreamException"/>, and nothing is allocated for bytes that are not there.
/// </summary>
public sealed class KaitaiStream
{
    private readonly byte[] _bytes;
    private int _at;
    private ulong _bits;
    private int _bitsLeft;

    public KaitaiStream(byte[] bytes) => _bytes = bytes;

    public KaitaiStream(string file)
        : this(File.ReadAllBytes(file))
    {
    }

    /// <summary>True when neither a byte nor a bit is left.</summary>
    public bool IsEof => _at >= _bytes.Length && _bitsLeft == 0;

    public long Pos => _at;

    public long Size => _bytes.Length;

    /// <summary>Remainder with the sign of the divisor, as Kaitai's % has it.</summary>
    public static int Mod(int value, int divisor) => (int)Mod((long)value, divisor);

    public static long Mod(long value, long divisor)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(divisor);
        var remainder = value % divisor;
        return remainder < 0 ? remainder + divisor : remainder;
    }

    /// <summary>Negative, 0 or positive, as the first bytes that differ say, else the lengths.</summary>
    public static int ByteArrayCompare(byte[] left, byte[] right) => left.AsSpan().SequenceCompareTo(right);

    public void Seek(long position)
    {
        if (position < 0 || position > _bytes.Length)
            throw new EndOfStreamException($"position {position} is outside of {_bytes.Length} bytes");
        AlignToByte();
        _at = (int)position;
    }

    public byte ReadU1() => Take(1)[0];

    public ushort ReadU2le() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadU4le() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadU8le() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public byte[] ReadBytes(long count) => Take(count).ToArray();

    public byte[] ReadBytesFull() => Take(_bytes.Length - _at).ToArray();

    /// <summary>The next <paramref name="count"/> bits, the low ones of a byte first.</summary>
    public ulong ReadBitsIntLe(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 32);
        while (_bitsLeft < count)
        {
            if (_at >= _bytes.Length) throw new EndOfStreamException($"{count} bits wanted at the end");
            _bits |= (ulong)_bytes[_at++] << _bitsLeft;
            _bitsLeft += 8;
        }

        var value = _bits & ((1UL << count) - 1);
        _bits >>= count;
        _bitsLeft -= count;
        return value;
    }

    /// <summary>Drops the bits left of the byte being read.</summary>
    public void AlignToByte()
    {
        _bits = 0;
        _bitsLeft = 0;
    }

    private ReadOnlySpan<byte> Take(long count)
    {
        AlignToByte();
        if (count < 0 || count > _bytes.Length - _at)
            throw new EndOfStreamException($"{count} bytes wanted at {_at}, {_bytes.Length - _at} left");
        var taken = _bytes.AsSpan(_at, (int)count);
        _at += (int)count;
        return taken;
    }
}
