using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace RmStack.Machine.DeviceTree;

/// <summary>
/// Writes a flattened tree. Made once per writing: the constructor measures the tree and builds its strings block, in
/// the order dtc builds it.
/// </summary>
internal sealed class FdtWriter
{
    private readonly DeviceTreeBlob _tree;
    private readonly FdtStringTable _strings = new();
    private readonly int _structSize;
    private int _at;

    public FdtWriter(DeviceTreeBlob tree)
    {
        _tree = tree;
        _structSize = checked(Measure(tree.Root) + sizeof(uint));
    }

    /// <summary>Bytes of the blob.</summary>
    public int Size => checked(StructOffset + _structSize + _strings.Length);

    private int StructOffset => FdtFormat.HeaderSize + (_tree.Reservations.Count + 1) * FdtFormat.ReservationSize;

    /// <summary>Writes the blob; what it does not need of <paramref name="blob"/> becomes zero but counts as its size.</summary>
    public void Write(Span<byte> blob)
    {
        Debug.Assert(blob.Length >= Size, "the caller has asked for the size");
        blob.Clear();
        _at = 0;
        Word(blob, FdtFormat.Magic);
        Word(blob, (uint)blob.Length);
        Word(blob, (uint)StructOffset);
        Word(blob, (uint)(StructOffset + _structSize));
        Word(blob, FdtFormat.HeaderSize);
        Word(blob, FdtFormat.Version);
        Word(blob, FdtFormat.LastCompatibleVersion);
        Word(blob, _tree.BootCpu);
        Word(blob, (uint)_strings.Length);
        Word(blob, (uint)_structSize);
        foreach (var (address, size) in _tree.Reservations)
        {
            BinaryPrimitives.WriteUInt64BigEndian(blob[_at..], address);
            BinaryPrimitives.WriteUInt64BigEndian(blob[(_at + sizeof(ulong))..], size);
            _at += FdtFormat.ReservationSize;
        }

        _at += FdtFormat.ReservationSize;
        Node(blob, _tree.Root);
        Word(blob, FdtFormat.End);
        Debug.Assert(_at == StructOffset + _structSize, "measured as written");
        _strings.CopyTo(blob[_at..]);
    }

    private int Measure(DeviceTreeNode node)
    {
        var size = FdtFormat.Align(sizeof(uint) + node.Name.Length + 1) + sizeof(uint);
        foreach (var property in node.Properties)
        {
            _strings.Add(property.Name);
            size = checked(size + FdtFormat.PropertyHeaderSize + FdtFormat.Align(property.Value.Length));
        }

        foreach (var child in node.Children)
            size = checked(size + Measure(child));
        return size;
    }

    private void Node(Span<byte> blob, DeviceTreeNode node)
    {
        Word(blob, FdtFormat.BeginNode);
        Encoding.Latin1.GetBytes(node.Name, blob[_at..]);
        _at = FdtFormat.Align(_at + node.Name.Length + 1);
        foreach (var property in node.Properties)
        {
            Word(blob, FdtFormat.Property);
            Word(blob, (uint)property.Value.Length);
            Word(blob, (uint)_strings.Add(property.Name));
            property.Value.CopyTo(blob[_at..]);
            _at = FdtFormat.Align(_at + property.Value.Length);
        }

        foreach (var child in node.Children)
            Node(blob, child);
        Word(blob, FdtFormat.EndNode);
    }

    private void Word(Span<byte> blob, uint word)
    {
        BinaryPrimitives.WriteUInt32BigEndian(blob[_at..], word);
        _at += sizeof(uint);
    }
}
