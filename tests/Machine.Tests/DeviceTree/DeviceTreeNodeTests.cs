using RmStack.Machine.DeviceTree;

namespace RmStack.Machine.Tests.DeviceTree;

/// <summary>Building and asking a tree.</summary>
public class DeviceTreeNodeTests
{
    [Fact]
    public void Setting_a_property_again_keeps_its_place()
    {
        var root = new DeviceTreeBlob().Root;
        root.Set("a", 1);
        root.Set("b");
        root.Set("a", "text");
        root.PutFirst(DeviceTreeProperty.FromCells("c", 1, 2));
        root.PutFirst(DeviceTreeProperty.FromCells("b", 3));
        Assert.Equal("c a b", string.Join(' ', root.Properties.Select(property => property.Name)));
        Assert.True(root.TryGetString("a", out var text));
        Assert.Equal("text", text);
        Assert.True(root.TryGetCell("b", 0, out var cell));
        Assert.Equal(3u, cell);
        Assert.True(root.Remove("a"));
        Assert.False(root.Remove("a"));
        Assert.False(root.Has("a"));
    }

    [Fact]
    public void A_number_is_read_only_from_as_many_bytes_as_it_has()
    {
        var root = new DeviceTreeBlob().Root;
        root.SetBytes("three", [1, 2, 3]);
        root.Set("one", 0x8000_0001);
        root.Set("two", 1, 2);
        root.SetU64("wide", 0x1122_3344_5566_7788);
        Assert.False(root.TryGetU32("three", out _));
        Assert.False(root.TryGetU64("three", out _));
        Assert.False(root.TryGetU32("two", out _));
        Assert.False(root.TryGetU32("absent", out _));
        Assert.True(root.TryGetU64("one", out var number));
        Assert.Equal(0x8000_0001ul, number);
        Assert.True(root.TryGetU64("two", out number));
        Assert.Equal(0x1_0000_0002ul, number);
        Assert.True(root.TryGetCell("wide", 1, out var cell));
        Assert.Equal(0x5566_7788u, cell);
        Assert.False(root.TryGetCell("wide", 2, out _));
        Assert.False(root.TryGetCell("wide", -1, out _));
    }

    [Fact]
    public void Strings_end_at_zero_bytes_and_what_does_not_is_none()
    {
        var root = new DeviceTreeBlob().Root;
        root.SetBytes("s", "one\0\0two\0rest"u8);
        root.SetBytes("open", "one"u8);
        Assert.Equal("one||two", string.Join('|', root.GetStrings("s")));
        Assert.Empty(root.GetStrings("open"));
        Assert.False(root.TryGetString("open", out _));
        Assert.Empty(root.GetStrings("absent"));
        Assert.True(root.GetBytes("absent").IsEmpty);
        root.SetStrings("compatible", "arm,pl011", "arm,primecell");
        Assert.True(root.IsCompatible("arm,primecell"));
        Assert.False(root.IsCompatible("arm,prime"));
    }

    [Theory]
    [InlineData(2u, 2u, new uint[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 2, 0x5_0000_0006ul, 0x7_0000_0008ul)]
    [InlineData(1u, 0u, new uint[] { 1, 2, 3 }, 3, 3ul, 0ul)]
    [InlineData(0u, 1u, new uint[] { 9 }, 1, 0ul, 9ul)]
    [InlineData(2u, 1u, new uint[] { 1, 2, 3, 4 }, 1, 0x1_0000_0002ul, 3ul)]
    public void Reg_is_as_wide_as_the_parent_says(uint addressCells, uint sizeCells, uint[] cells, int count, ulong address, ulong size)
    {
        var root = new DeviceTreeBlob().Root;
        root.Set("#address-cells", addressCells);
        root.Set("#size-cells", sizeCells);
        var node = root.Add("device");
        node.Set("reg", cells);
        Assert.Equal(count, node.RegCount);
        Assert.True(node.TryGetReg(count - 1, out var foundAddress, out var foundSize));
        Assert.Equal((address, size), (foundAddress, foundSize));
        Assert.False(node.TryGetReg(count, out _, out _));
        Assert.False(node.TryGetReg(-1, out _, out _));
        Assert.False(root.TryGetReg(0, out _, out _));
    }

    [Theory]
    [InlineData(3u, 1u)]
    [InlineData(0u, 0u)]
    [InlineData(0xffff_ffffu, 0xffff_ffffu)]
    [InlineData(0x7fff_ffffu, 1u)]
    public void Reg_of_a_parent_that_says_nonsense_is_none(uint addressCells, uint sizeCells)
    {
        var root = new DeviceTreeBlob().Root;
        root.Set("#address-cells", addressCells);
        root.Set("#size-cells", sizeCells);
        var node = root.Add("device");
        node.Set("reg", 1, 2, 3, 4);
        Assert.False(node.TryGetReg(0, out _, out _));
        Assert.Equal(0, node.RegCount);
    }

    [Fact]
    public void Reg_without_cells_in_the_parent_has_two_and_one()
    {
        var node = new DeviceTreeBlob().Root.Add("device@1");
        node.SetReg(0x1_0000_0002, 3, 4, 5);
        Assert.Equal(2, node.RegCount);
        Assert.Equal(24, node.GetBytes("reg").Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => node.SetReg(0, 0x1_0000_0000));
    }

    [Fact]
    public void A_path_finds_names_with_and_without_their_unit_address()
    {
        var tree = new DeviceTreeBlob();
        var cpu = tree.Root.GetOrAdd("cpus/cpu@1");
        tree.Root.Add("cpus-more");
        Assert.Same(cpu, tree.Find("/cpus/cpu@1"));
        Assert.Same(cpu, tree.Find("//cpus/cpu/"));
        Assert.Same(cpu, tree.Find("cpus")!.Find("cpu@1"));
        Assert.Same(cpu, tree.Root.GetOrAdd("/cpus/cpu@1"));
        Assert.Same(tree.Root, tree.Find("/"));
        Assert.Null(tree.Find("/cpus/cpu@"));
        Assert.Null(tree.Find("/cpus/cpu@11"));
        Assert.Null(tree.Find("/cpu"));
        Assert.Equal("/cpus/cpu@1", cpu.Path);
        Assert.Equal("/", tree.Root.Path);
        Assert.True(tree.Root.RemoveNode("cpus/cpu@1"));
        Assert.False(tree.Root.RemoveNode("cpus/cpu@1"));
        Assert.False(tree.Root.RemoveNode(""));
        Assert.Null(cpu.Parent);
    }

    [Fact]
    public void A_path_from_outside_adds_nothing_unless_all_of_it_is_valid()
    {
        var root = new DeviceTreeBlob().Root;
        Assert.False(root.TryGetOrAdd("good/ba d", out _));
        Assert.False(root.TryGetOrAdd("good/" + new string('x', 256), out _));
        Assert.False(root.TryGetOrAdd(string.Concat(Enumerable.Repeat("a/", DeviceTreeNode.MaxDepth)), out _));
        Assert.Empty(root.Children);
        Assert.True(root.TryGetOrAdd(string.Concat(Enumerable.Repeat("a/", DeviceTreeNode.MaxDepth - 1)), out var deepest));
        Assert.Throws<InvalidOperationException>(() => deepest.Add("a"));
        Assert.Throws<ArgumentException>(() => root.Add("a"));
        Assert.Throws<ArgumentException>(() => root.Add("a/b"));
    }

    [Fact]
    public void A_tree_is_written_only_where_it_fits_and_can_leave_room()
    {
        var tree = new DeviceTreeBlob { BootCpu = 3 };
        tree.Root.Set("model", "x");
        var exact = new byte[tree.EncodedSize];
        Assert.False(tree.TryWrite(exact.AsSpan(1), out var written));
        Assert.Equal(0, written);
        Assert.False(tree.TryWrite(exact, out _, exact.Length - 1));
        Assert.True(tree.TryWrite(exact, out written));
        Assert.Equal(exact.Length, written);
        Assert.Equal(tree.ToArray(), exact);
        var roomy = new byte[4096];
        Array.Fill(roomy, (byte)0xaa);
        Assert.True(tree.TryWrite(roomy, out written, 2048));
        Assert.Equal(2048, written);
        Assert.Equal((byte)0, roomy[2047]);
        Assert.Equal((byte)0xaa, roomy[2048]);
        Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(roomy, out var read, out _));
        Trees.AssertEqual(tree, read!);
    }
}
