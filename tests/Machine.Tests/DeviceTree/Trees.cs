using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RmStack.Machine.DeviceTree;

namespace RmStack.Machine.Tests.DeviceTree;

/// <summary>A node as FsCheck makes it: shown and shrunk as a value.</summary>
public sealed record NodeModel(string Name, IReadOnlyList<(string Name, byte[] Value)> Properties, IReadOnlyList<NodeModel> Children)
{
    public override string ToString()
    {
        var tree = new DeviceTreeBlob();
        CopyTo(tree.Root);
        return tree.ToSource();
    }

    public void CopyTo(DeviceTreeNode node)
    {
        foreach (var (name, value) in Properties)
            node.SetBytes(name, value);
        foreach (var child in Children)
            child.CopyTo(node.Add(child.Name));
    }
}

/// <summary>A whole tree as FsCheck makes it.</summary>
public sealed record TreeModel(NodeModel Root, IReadOnlyList<MemoryReservation> Reservations, uint BootCpu)
{
    public DeviceTreeBlob ToTree()
    {
        var tree = new DeviceTreeBlob { BootCpu = BootCpu };
        Root.CopyTo(tree.Root);
        foreach (var (address, size) in Reservations)
            tree.AddReservation(address, size);
        return tree;
    }
}

/// <summary>Random trees that dtc takes: names of the characters it knows, and no property that it checks the meaning of.</summary>
public static class Trees
{
    private const string NodeCharacters = "abcxyzABZ0189,._+-";
    private const string PropertyCharacters = NodeCharacters + "#?*";

    /// <summary>Names that dtc has a hard check on, or drops.</summary>
    private static readonly string[] Checked = ["name", "phandle", "linux,phandle", "#address-cells", "#size-cells", "device_type", "bootargs"];

    public static Arbitrary<TreeModel> Tree()
    {
        var reservation = from address in Number() from size in Number() select new MemoryReservation(address, size | 1);
        var tree =
            from root in Gen.Sized(size => Node(Gen.Constant(""), Math.Min(size, 60)))
            from reservations in Gen.Choose(0, 3).SelectMany(count => reservation.ListOf(count))
            from bootCpu in Number()
            select new TreeModel(root, reservations.ToArray(), (uint)bootCpu);
        return Arb.From(tree, Shrink);
    }

    /// <summary>Compares trees as a person would: the first difference and where it is.</summary>
    public static void AssertEqual(DeviceTreeBlob expected, DeviceTreeBlob actual)
    {
        Assert.Equal(expected.BootCpu, actual.BootCpu);
        Assert.Equal(expected.Reservations, actual.Reservations);
        AssertEqual(expected.Root, actual.Root);
    }

    public static void AssertEqual(DeviceTreeNode expected, DeviceTreeNode actual)
    {
        Assert.Equal(expected.Name, actual.Name);
        Assert.Equal(Describe(expected), Describe(actual));
        for (var i = 0; i < expected.Children.Count; i++)
            AssertEqual(expected.Children[i], actual.Children[i]);
        static string Describe(DeviceTreeNode node) => string.Join('\n', [
            node.Path,
            .. node.Properties.Select(property => $"{property.Name} = {Convert.ToHexString(property.Value)}"),
            .. node.Children.Select(child => child.Path)]);
    }

    private static Gen<ulong> Number() =>
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from shift in Gen.Choose(0, 63)
        select ((ulong)(uint)high << 32 | (uint)low) >> shift;

    private static Gen<NodeModel> Node(Gen<string> names, int size) =>
        from name in names
        from propertyCount in Gen.Choose(0, Math.Min(size, 6))
        from properties in Property().ListOf(propertyCount)
        from childCount in size < 4 ? Gen.Constant(0) : Gen.Choose(0, 4)
        from children in childCount == 0 ? Gen.Constant<List<NodeModel>>([]).Select(list => (IReadOnlyList<NodeModel>)list) : Node(NodeName(), size / 3).ListOf(childCount).Select(list => (IReadOnlyList<NodeModel>)list.ToArray())
        select new NodeModel(
            name,
            properties.DistinctBy(property => property.Name, StringComparer.Ordinal).ToArray(),
            children.DistinctBy(child => child.Name, StringComparer.Ordinal).ToArray());

    private static Gen<string> NodeName() =>
        from name in Text(NodeCharacters, 31)
        from unit in Gen.Elements("", "", "@0", "@80000000", "@1,2")
        select name + unit;

    private static Gen<(string Name, byte[] Value)> Property() =>
        from name in Gen.OneOf(Gen.Elements("reg", "compatible", "status", "ranges", "interrupts", "x-reg", "g"), Text(PropertyCharacters, 40))
        where !Checked.Contains(name, StringComparer.Ordinal)
        from value in Gen.OneOf(
            Gen.Constant(Array.Empty<byte>()),
            Bytes(9),
            Bytes(8).Select(bytes => bytes.AsSpan(0, bytes.Length & ~3).ToArray()),
            Strings(),
            Bytes(300))
        select (name, value);

    private static Gen<byte[]> Bytes(int most) =>
        Gen.Choose(0, most).SelectMany(count => Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(count));

    /// <summary>Each begins with a letter: dtc 1.6 prints a digit after a zero byte so that both read back as one octal number.</summary>
    private static Gen<byte[]> Strings() =>
        from count in Gen.Choose(1, 3)
        from strings in Text(" !\"\\azAZ09/,~'<>;", 12).ListOf(count)
        select Encoding.Latin1.GetBytes(string.Concat(strings.Select(text => "s" + text + "\0")));

    private static Gen<string> Text(string characters, int most) =>
        from count in Gen.Choose(1, most)
        from text in Gen.Elements(characters.ToCharArray()).ArrayOf(count)
        select new string(text);

    private static IEnumerable<TreeModel> Shrink(TreeModel tree)
    {
        if (tree.Reservations.Count != 0) yield return tree with { Reservations = [] };
        if (tree.BootCpu != 0) yield return tree with { BootCpu = 0 };
        foreach (var root in Shrink(tree.Root))
            yield return tree with { Root = root };
    }

    private static IEnumerable<NodeModel> Shrink(NodeModel node)
    {
        for (var i = 0; i < node.Children.Count; i++)
        {
            yield return node with { Children = [.. node.Children.Where((_, index) => index != i)] };
            foreach (var smaller in Shrink(node.Children[i]))
                yield return node with { Children = [.. node.Children.Select((child, index) => index == i ? smaller : child)] };
        }

        for (var i = 0; i < node.Properties.Count; i++)
            yield return node with { Properties = [.. node.Properties.Where((_, index) => index != i)] };
    }
}
