using System.Buffers.Binary;
using FsCheck.Xunit;
using RmStack.Machine.DeviceTree;

namespace RmStack.Machine.Tests.DeviceTree;

/// <summary>Bytes that are no device tree: each refused for its own reason, at the byte at fault.</summary>
public class FdtRefusalTests
{
    private const uint BeginNode = 1, EndNode = 2, PropertyToken = 3, Nop = 4, End = 9;

    [Fact]
    public void A_structure_with_nops_anywhere_is_read()
    {
        var blob = Blob([Nop, BeginNode, 0, Nop, PropertyToken, 4, 0, 7, Nop, EndNode, Nop, End]);
        Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(blob, out var tree, out _));
        Assert.True(tree!.Root.TryGetU32("reg", out var value));
        Assert.Equal(7u, value);
    }

    [Theory]
    [InlineData(FdtStatus.BadToken, 64, new uint[] { BeginNode, 0, 5, EndNode, End })]
    [InlineData(FdtStatus.BadToken, 56, new uint[] { 0, End })]
    [InlineData(FdtStatus.Unbalanced, 56, new uint[] { End })]
    [InlineData(FdtStatus.Unbalanced, 56, new uint[] { EndNode, End })]
    [InlineData(FdtStatus.Unbalanced, 64, new uint[] { BeginNode, 0, End })]
    [InlineData(FdtStatus.Unbalanced, 68, new uint[] { BeginNode, 0, EndNode, BeginNode, 0, EndNode, End })]
    [InlineData(FdtStatus.Unbalanced, 68, new uint[] { BeginNode, 0, EndNode, EndNode, End })]
    [InlineData(FdtStatus.Truncated, 68, new uint[] { BeginNode, 0, EndNode })]
    [InlineData(FdtStatus.Truncated, 60, new uint[] { BeginNode })]
    [InlineData(FdtStatus.BadName, 60, new uint[] { BeginNode, 0x61000000, EndNode, End })]
    [InlineData(FdtStatus.BadName, 68, new uint[] { BeginNode, 0, BeginNode, 0, EndNode, EndNode, End })]
    [InlineData(FdtStatus.BadName, 68, new uint[] { BeginNode, 0, BeginNode, 0x612f6200, EndNode, EndNode, End })]
    [InlineData(FdtStatus.BadName, 68, new uint[] { BeginNode, 0, BeginNode, 0x61ff6200, EndNode, EndNode, End })]
    [InlineData(FdtStatus.MisplacedProperty, 56, new uint[] { PropertyToken, 0, 0, BeginNode, 0, EndNode, End })]
    [InlineData(FdtStatus.MisplacedProperty, 68, new uint[] { BeginNode, 0, EndNode, PropertyToken, 0, 0, End })]
    [InlineData(FdtStatus.MisplacedProperty, 76, new uint[] { BeginNode, 0, BeginNode, 0x61000000, EndNode, PropertyToken, 0, 0, EndNode, End })]
    [InlineData(FdtStatus.Truncated, 84, new uint[] { BeginNode, 0, PropertyToken, 9, 0, EndNode, End })]
    [InlineData(FdtStatus.Truncated, 84, new uint[] { BeginNode, 0, PropertyToken, 0xffff_ffff, 0, EndNode, End })]
    [InlineData(FdtStatus.BadPropertyName, 72, new uint[] { BeginNode, 0, PropertyToken, 0, 7, EndNode, End })]
    [InlineData(FdtStatus.BadPropertyName, 72, new uint[] { BeginNode, 0, PropertyToken, 0, 0x8000_0000, EndNode, End })]
    [InlineData(FdtStatus.BadPropertyName, 72, new uint[] { BeginNode, 0, PropertyToken, 0, 3, EndNode, End })]
    [InlineData(FdtStatus.BadPropertyName, 72, new uint[] { BeginNode, 0, PropertyToken, 0, 4, EndNode, End })]
    public void A_malformed_structure_is_refused_where_it_goes_wrong(FdtStatus expected, int offset, uint[] structure) =>
        AssertRefused(expected, offset, Blob(structure));

    [Theory]
    [InlineData(FdtStatus.BadMagic, 0, 0, 0xd00d_feecu)]
    [InlineData(FdtStatus.Truncated, 4, 4, 39u)]
    [InlineData(FdtStatus.TooLarge, 4, 4, 0xffff_ffffu)]
    [InlineData(FdtStatus.BadOffset, 8, 8, 0u)]
    [InlineData(FdtStatus.BadOffset, 8, 8, 57u)]
    [InlineData(FdtStatus.BadOffset, 8, 8, 0xffff_fffcu)]
    [InlineData(FdtStatus.BadOffset, 12, 12, 0x7fff_ffffu)]
    [InlineData(FdtStatus.BadOffset, 16, 16, 44u)]
    [InlineData(FdtStatus.BadOffset, 16, 16, 0x1000u)]
    [InlineData(FdtStatus.BadVersion, 20, 20, 15u)]
    [InlineData(FdtStatus.BadVersion, 24, 24, 18u)]
    [InlineData(FdtStatus.BadOffset, 32, 32, 0xffff_ffffu)]
    [InlineData(FdtStatus.BadOffset, 36, 36, 0xffff_fff0u)]
    [InlineData(FdtStatus.Truncated, 60, 36, 4u)]
    public void A_malformed_header_is_refused_at_its_word(FdtStatus expected, int offset, int wordAt, uint word)
    {
        var blob = Blob([BeginNode, 0, EndNode, End]);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(wordAt), word);
        AssertRefused(expected, offset, blob);
    }

    [Fact]
    public void A_later_version_that_is_compatible_with_17_is_read()
    {
        var blob = Blob([BeginNode, 0, EndNode, End]);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(20), 18);
        Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(blob, out _, out _));
    }

    [Fact]
    public void A_reservation_map_without_an_end_is_truncated()
    {
        var blob = Blob([BeginNode, 0, EndNode, End]);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(16), (uint)blob.Length & ~7u);
        AssertRefused(FdtStatus.Truncated, blob.Length, blob);
    }

    [Fact]
    public void Nodes_are_read_down_to_the_deepest_allowed_and_no_further()
    {
        Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(Nested(DeviceTreeNode.MaxDepth), out var tree, out _));
        Trees.AssertEqual(tree!, Reread(tree!));
        Assert.Equal(FdtStatus.TooDeep, DeviceTreeBlob.TryRead(Nested(DeviceTreeNode.MaxDepth + 1), out _, out _));
        Assert.Equal(FdtStatus.TooDeep, DeviceTreeBlob.TryRead(Nested(100_000), out _, out _));
    }

    [Fact]
    public void Names_are_read_up_to_the_longest_allowed_and_no_further()
    {
        var tree = new DeviceTreeBlob();
        tree.Root.Add(new string('n', DeviceTreeNode.MaxNameLength)).Set(new string('p', DeviceTreeNode.MaxNameLength));
        Trees.AssertEqual(tree, Reread(tree));

        var node = new uint[70];
        Array.Fill(node, 0x6161_6161u);
        AssertRefused(FdtStatus.BadName, 68, Blob([BeginNode, 0, BeginNode, .. node, 0, EndNode, EndNode, End]));
        var blob = Blob([BeginNode, 0, PropertyToken, 0, 0, EndNode, End], new string('p', DeviceTreeNode.MaxNameLength + 1) + "\0");
        AssertRefused(FdtStatus.BadPropertyName, 72, blob);
    }

    [Fact]
    public void Names_and_properties_that_occur_twice_are_kept_and_the_first_is_found()
    {
        var blob = Blob([BeginNode, 0, PropertyToken, 4, 0, 1, PropertyToken, 4, 0, 2, BeginNode, 0x61000000, EndNode, BeginNode, 0x61000000, EndNode, EndNode, End]);
        Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(blob, out var tree, out _));
        Assert.True(tree!.Root.TryGetU32("reg", out var value));
        Assert.Equal(1u, value);
        Assert.Same(tree.Root.Children[0], tree.Find("/a"));
        Trees.AssertEqual(tree, Reread(tree));
    }

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 30)]
    public void A_blob_cut_off_at_any_length_is_truncated(TreeModel model)
    {
        var blob = model.ToTree().ToArray();
        for (var length = 0; length < blob.Length; length++)
            AssertRefused(FdtStatus.Truncated, length, blob.AsSpan(0, length));
    }

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 30)]
    public void A_blob_whose_header_owns_up_to_being_cut_off_is_refused_at_any_length(TreeModel model)
    {
        var whole = model.ToTree().ToArray();
        for (var length = 40; length < whole.Length; length++)
        {
            var blob = whole.AsSpan(0, length).ToArray();
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(4), (uint)length);
            var status = DeviceTreeBlob.TryRead(blob, out var tree, out var offset);
            Assert.NotEqual(FdtStatus.Ok, status);
            Assert.Null(tree);
            Assert.InRange(offset, 0, length);
        }
    }

    internal static void AssertRefused(FdtStatus expected, int offset, ReadOnlySpan<byte> blob)
    {
        var status = DeviceTreeBlob.TryRead(blob, out var tree, out var errorOffset);
        Assert.Equal((expected, offset), (status, errorOffset));
        Assert.Null(tree);
        Assert.NotEmpty(DeviceTreeBlob.Describe(status));
    }

    /// <summary>A blob by hand: header, an empty reservation map at 40, the structure at 56, strings after it.</summary>
    internal static byte[] Blob(ReadOnlySpan<uint> structure, string strings = "reg\0xyz")
    {
        var structSize = structure.Length * 4;
        var blob = new byte[56 + structSize + strings.Length];
        ReadOnlySpan<uint> header = [0xd00d_feed, (uint)blob.Length, 56, (uint)(56 + structSize), 40, 17, 16, 0, (uint)strings.Length, (uint)structSize];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(i * 4), header[i]);
        for (var i = 0; i < structure.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(56 + i * 4), structure[i]);
        System.Text.Encoding.Latin1.GetBytes(strings, blob.AsSpan(56 + structSize));
        return blob;
    }

    private static byte[] Nested(int depth)
    {
        var structure = new List<uint> { BeginNode, 0 };
        for (var i = 1; i < depth; i++)
            structure.AddRange([BeginNode, 0x61000000]);
        structure.AddRange(Enumerable.Repeat(EndNode, depth));
        structure.Add(End);
        return Blob(structure.ToArray());
    }

    private static DeviceTreeBlob Reread(DeviceTreeBlob tree)
    {
        Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(tree.ToArray(), out var read, out _));
        return read!;
    }
}
