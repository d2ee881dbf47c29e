using System.Buffers.Binary;
using System.Text;

namespace RmStack.Machine.DeviceTree;

/// <summary>
/// A property of a device tree node: a name and bytes. What the bytes mean is agreed between whoever wrote the property
/// and whoever reads it; the readers here cover the usual agreements and refuse bytes that do not fit.
/// </summary>
public sealed class DeviceTreeProperty
{
    private readonly byte[] _value;

    internal DeviceTreeProperty(string name, byte[] value)
    {
        Name = name;
        _value = value;
    }

    /// <summary>Name, for example <c>#address-cells</c>.</summary>
    public string Name { get; }

    /// <summary>The value's bytes. Cells are big-endian.</summary>
    public ReadOnlySpan<byte> Value => _value;

    /// <summary>Number of whole 32-bit cells in the value.</summary>
    public int CellCount => _value.Length / sizeof(uint);

    /// <summary>A property whose presence is its meaning.</summary>
    public static DeviceTreeProperty Empty(string name) => new(DeviceTreeNode.CheckedName(name), []);

    /// <summary>A property of bytes, which are copied.</summary>
    public static DeviceTreeProperty FromBytes(string name, ReadOnlySpan<byte> value) => new(DeviceTreeNode.CheckedName(name), value.ToArray());

    /// <summary>A property of 32-bit cells.</summary>
    public static DeviceTreeProperty FromCells(string name, params ReadOnlySpan<uint> cells)
    {
        var value = new byte[cells.Length * sizeof(uint)];
        for (var i = 0; i < cells.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(value.AsSpan(i * sizeof(uint)), cells[i]);
        return new DeviceTreeProperty(DeviceTreeNode.CheckedName(name), value);
    }

    /// <summary>A property of 64-bit numbers, each of two cells, the more significant first.</summary>
    public static DeviceTreeProperty FromU64(string name, params ReadOnlySpan<ulong> numbers)
    {
        var value = new byte[numbers.Length * sizeof(ulong)];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(value.AsSpan(i * sizeof(ulong)), numbers[i]);
        return new DeviceTreeProperty(DeviceTreeNode.CheckedName(name), value);
    }

    /// <summary>A property of strings, each ended by a zero byte. Characters are single bytes (ISO 8859-1) and never zero.</summary>
    public static DeviceTreeProperty FromStrings(string name, params ReadOnlySpan<string> strings)
    {
        var length = 0;
        foreach (var text in strings)
            length += text.Length + 1;
        var value = new byte[length];
        var at = 0;
        foreach (var text in strings)
        {
            foreach (var character in text)
            {
                if (character is '\0' or > '\xff')
                    throw new ArgumentException("A device tree string holds single bytes other than zero.", nameof(strings));
                value[at++] = (byte)character;
            }

            at++;
        }

        return new DeviceTreeProperty(DeviceTreeNode.CheckedName(name), value);
    }

    /// <summary>The value as one 32-bit cell. False unless it is 4 bytes.</summary>
    public bool TryGetU32(out uint number)
    {
        number = _value.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(_value) : 0;
        return _value.Length == sizeof(uint);
    }

    /// <summary>The value as a number of one or two cells, the more significant first. False unless it is 4 or 8 bytes.</summary>
    public bool TryGetU64(out ulong number)
    {
        number = _value.Length switch
        {
            sizeof(uint) => BinaryPrimitives.ReadUInt32BigEndian(_value),
            sizeof(ulong) => BinaryPrimitives.ReadUInt64BigEndian(_value),
            _ => 0,
        };
        return _value.Length is sizeof(uint) or sizeof(ulong);
    }

    /// <summary>One 32-bit cell of the value. False when the value ends before it.</summary>
    public bool TryGetCell(int index, out uint cell)
    {
        var present = (uint)index < (uint)CellCount;
        cell = present ? BinaryPrimitives.ReadUInt32BigEndian(_value.AsSpan(index * sizeof(uint))) : 0;
        return present;
    }

    /// <summary>
    /// A number of 0, 1 or 2 cells at a cell index. False when the value ends before its end, or for more than two cells,
    /// which do not fit 64 bits.
    /// </summary>
    public bool TryGetNumber(int cellIndex, int cells, out ulong number)
    {
        number = 0;
        if (cellIndex < 0 || cells is < 0 or > 2 || cellIndex > CellCount - cells) return false;
        for (var i = 0; i < cells; i++)
            number = number << 32 | BinaryPrimitives.ReadUInt32BigEndian(_value.AsSpan((cellIndex + i) * sizeof(uint)));
        return true;
    }

    /// <summary>The first string. False when no zero byte ends it.</summary>
    public bool TryGetString([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? text)
    {
        var length = Array.IndexOf(_value, (byte)0);
        text = length < 0 ? null : Encoding.Latin1.GetString(_value, 0, length);
        return text is not null;
    }

    /// <summary>All strings, in order. Bytes after the last zero byte are no string.</summary>
    public IEnumerable<string> GetStrings()
    {
        for (int start = 0, end; start < _value.Length && (end = Array.IndexOf(_value, (byte)0, start)) >= 0; start = end + 1)
            yield return Encoding.Latin1.GetString(_value, start, end - start);
    }
}
