using System.Diagnostics.CodeAnalysis;

namespace RmStack.Machine.DeviceTree;

/// <content>Reading and writing a node's properties by name.</content>
public sealed partial class DeviceTreeNode
{
    /// <summary>Cells of an address in a child's <c>reg</c>: this node's <c>#address-cells</c>, 2 when it has none.</summary>
    public uint AddressCells => TryGetU32("#address-cells", out var cells) ? cells : 2;

    /// <summary>Cells of a size in a child's <c>reg</c>: this node's <c>#size-cells</c>, 1 when it has none.</summary>
    public uint SizeCells => TryGetU32("#size-cells", out var cells) ? cells : 1;

    /// <summary>Number of whole (address, size) pairs in <c>reg</c>; 0 when the parent's cells are more than 64 bits hold.</summary>
    public int RegCount
    {
        get
        {
            if (Property("reg") is not { } reg || !TryGetRegCells(out var addressCells, out var sizeCells)) return 0;
            return addressCells + sizeCells == 0 ? 0 : reg.CellCount / (addressCells + sizeCells);
        }
    }

    /// <summary>The first property of that name, or null.</summary>
    public DeviceTreeProperty? Property(string property)
    {
        var index = IndexOf(property);
        return index < 0 ? null : _properties![index];
    }

    /// <summary>True when the node has the property, whatever its value.</summary>
    public bool Has(string property) => IndexOf(property) >= 0;

    /// <summary>A property of exactly one 32-bit cell.</summary>
    public bool TryGetU32(string property, out uint number)
    {
        number = 0;
        return Property(property) is { } found && found.TryGetU32(out number);
    }

    /// <summary>A property of exactly one or two cells as one number, the more significant cell first.</summary>
    public bool TryGetU64(string property, out ulong number)
    {
        number = 0;
        return Property(property) is { } found && found.TryGetU64(out number);
    }

    /// <summary>One 32-bit cell of a property of many.</summary>
    public bool TryGetCell(string property, int index, out uint cell)
    {
        cell = 0;
        return Property(property) is { } found && found.TryGetCell(index, out cell);
    }

    /// <summary>A property's first string.</summary>
    public bool TryGetString(string property, [NotNullWhen(true)] out string? text)
    {
        text = null;
        return Property(property) is { } found && found.TryGetString(out text);
    }

    /// <summary>A property's strings; none when the node does not have it.</summary>
    public IEnumerable<string> GetStrings(string property) => Property(property)?.GetStrings() ?? [];

    /// <summary>A property's bytes; none when the node does not have it.</summary>
    public ReadOnlySpan<byte> GetBytes(string property) => Property(property) is { } found ? found.Value : [];

    /// <summary>True when one of the node's <c>compatible</c> strings is this one.</summary>
    public bool IsCompatible(string compatible) => GetStrings("compatible").Contains(compatible, StringComparer.Ordinal);

    /// <summary>
    /// The address and size number <paramref name="index"/> of <c>reg</c>, each as wide as the parent says. False for the
    /// root, when <c>reg</c> ends before it, or when an address or a size has more than two cells (PCI).
    /// </summary>
    public bool TryGetReg(int index, out ulong address, out ulong size)
    {
        address = size = 0;
        if (Property("reg") is not { } reg || !TryGetRegCells(out var addressCells, out var sizeCells)) return false;
        var stride = addressCells + sizeCells;
        if (stride == 0 || (uint)index >= (uint)(reg.CellCount / stride)) return false;
        return reg.TryGetNumber(index * stride, addressCells, out address)
            && reg.TryGetNumber(index * stride + addressCells, sizeCells, out size);
    }

    /// <summary>Sets a property whose presence is its meaning.</summary>
    public void Set(string property) => Put(DeviceTreeProperty.Empty(property));

    /// <summary>Sets a property of one 32-bit cell.</summary>
    public void Set(string property, uint cell) => Put(DeviceTreeProperty.FromCells(property, cell));

    /// <summary>Sets a property of 32-bit cells.</summary>
    public void Set(string property, params ReadOnlySpan<uint> cells) => Put(DeviceTreeProperty.FromCells(property, cells));

    /// <summary>Sets a property of one string.</summary>
    public void Set(string property, string text) => Put(DeviceTreeProperty.FromStrings(property, text));

    /// <summary>Sets a property of 64-bit numbers, each of two cells.</summary>
    public void SetU64(string property, params ReadOnlySpan<ulong> numbers) => Put(DeviceTreeProperty.FromU64(property, numbers));

    /// <summary>Sets a property of strings.</summary>
    public void SetStrings(string property, params ReadOnlySpan<string> strings) => Put(DeviceTreeProperty.FromStrings(property, strings));

    /// <summary>Sets a property of bytes.</summary>
    public void SetBytes(string property, ReadOnlySpan<byte> value) => Put(DeviceTreeProperty.FromBytes(property, value));

    /// <summary>
    /// Sets <c>reg</c> to (address, size) pairs, each number as wide as the parent says. A number that does not fit, or
    /// an address without a size, is a caller's mistake.
    /// </summary>
    public void SetReg(params ReadOnlySpan<ulong> addressesAndSizes)
    {
        if (!TryGetRegCells(out var addressCells, out var sizeCells))
            throw new InvalidOperationException($"'{Path}' has no parent that gives reg at most two cells for a number.");
        if (addressesAndSizes.Length % 2 != 0)
            throw new ArgumentException("Each address comes with a size.", nameof(addressesAndSizes));
        var cells = new List<uint>(addressesAndSizes.Length / 2 * (addressCells + sizeCells));
        for (var i = 0; i < addressesAndSizes.Length; i++)
            Append(cells, addressesAndSizes[i], i % 2 == 0 ? addressCells : sizeCells);
        Put(DeviceTreeProperty.FromCells("reg", cells.ToArray()));
    }

    /// <summary>Puts a property in the place of the one with its name, or last.</summary>
    public void Put(DeviceTreeProperty property) => Put(property, _properties?.Count ?? 0);

    /// <summary>Puts a property in the place of the one with its name, or before all others, where libfdt puts a new one.</summary>
    public void PutFirst(DeviceTreeProperty property) => Put(property, 0);

    private static void Append(List<uint> cells, ulong number, int count)
    {
        if (count < 2 && number >> (32 * count) != 0)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"The parent gives this number {count} cells.");
        for (var i = count - 1; i >= 0; i--)
            cells.Add((uint)(number >> (32 * i)));
    }

    private void Put(DeviceTreeProperty property, int newIndex)
    {
        var index = IndexOf(property.Name);
        if (index >= 0)
            _properties![index] = property;
        else
            (_properties ??= []).Insert(newIndex, property);
    }

    private bool TryGetRegCells(out int addressCells, out int sizeCells)
    {
        addressCells = sizeCells = 0;
        if (Parent is null || Parent.AddressCells > 2 || Parent.SizeCells > 2) return false;
        addressCells = (int)Parent.AddressCells;
        sizeCells = (int)Parent.SizeCells;
        return true;
    }

    private int IndexOf(string property)
    {
        if (_properties is null) return -1;
        for (var i = 0; i < _properties.Count; i++)
            if (_properties[i].Name == property)
                return i;
        return -1;
    }
}
