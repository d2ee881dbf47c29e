using System.Buffers.Binary;
using FsCheck.Xunit;
using RmStack.Machine.DeviceTree;

namespace RmStack.Machine.Tests.DeviceTree;

/// <summary>Hostile blobs: reading always returns, and never takes memory out of proportion.</summary>
public class FdtFuzzTests
{
    /// <summary>Bytes that reading may allocate for each byte of a blob, and beside that.</summary>
    private const int BytesPerByte = 32, BytesBeside = 4096;

    [Property(Arbitrary = [typeof(Trees)], MaxTest = 60)]
    public void A_mutated_blob_is_read_or_refused_and_what_is_read_can_be_written(TreeModel model, int seed)
    {
        var original = model.ToTree().ToArray();
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var blob = original.ToArray();
            for (var change = random.Next(1, 5); change > 0; change--)
                Mutate(blob, random);
            var status = DeviceTreeBlob.TryRead(blob, out var tree, out var offset);
            if (status != FdtStatus.Ok)
            {
                Assert.InRange(offset, 0, blob.Length);
                continue;
            }

            Assert.Equal(FdtStatus.Ok, DeviceTreeBlob.TryRead(tree!.ToArray(), out var again, out _));
            Trees.AssertEqual(tree, again!);
            Assert.NotEmpty(tree.ToSource());
            foreach (var node in tree.Root.SelfAndDescendants())
            {
                node.TryGetReg(0, out _, out _);
                Assert.InRange(node.RegCount, 0, blob.Length);
            }
        }
    }

    [Property]
    public void Noise_is_read_or_refused(byte[] noise)
    {
        var blob = new byte[noise.Length + 56];
        FdtRefusalTests.Blob([1, 0, 2, 9]).AsSpan(0, 56).CopyTo(blob);
        noise.CopyTo(blob, 56);
        BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(4), (uint)blob.Length);
        _ = DeviceTreeBlob.TryRead(blob, out _, out _);
        _ = DeviceTreeBlob.TryRead(noise, out _, out _);
    }

    public static TheoryData<string> Shapes => ["children", "nests", "properties", "node with a property", "one string, many tails", "distinct names"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_blobs_that_cost_most_cost_a_small_multiple_of_their_size(string shape)
    {
        var blob = Costly(shape);
        _ = DeviceTreeBlob.TryRead(blob, out _, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var status = DeviceTreeBlob.TryRead(blob, out _, out _);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 0, (long)blob.Length * BytesPerByte + BytesBeside);
        Assert.True(status == FdtStatus.Ok || (shape == "one string, many tails" && status == FdtStatus.TooLarge), $"{status}");
    }

    private static byte[] Costly(string shape)
    {
        const int count = 20_000;
        var structure = new List<uint> { 1, 0 };
        var strings = "r\0";
        switch (shape)
        {
            case "children":
                for (var i = 0; i < count; i++)
                    structure.AddRange([1, 0x61000000, 2]);
                break;
            case "nests":
                for (var i = 0; i < count / 60; i++)
                {
                    for (var depth = 0; depth < 60; depth++)
                        structure.AddRange([1, 0x61000000]);
                    structure.AddRange(Enumerable.Repeat(2u, 60));
                }

                break;
            case "properties":
                for (var i = 0; i < count; i++)
                    structure.AddRange([3, 0, 0]);
                break;
            case "node with a property":
                for (var i = 0; i < count; i++)
                    structure.AddRange([1, 0x61000000, 3, 1, 0, 0, 2]);
                break;
            case "one string, many tails":
                strings = string.Concat(Enumerable.Repeat(new string('s', DeviceTreeNode.MaxNameLength) + "\0", count / 256));
                for (var i = 0; i < strings.Length; i++)
                    if (strings[i] != '\0')
                        structure.AddRange([3, 0, (uint)i]);
                break;
            default:
                strings = string.Concat(Enumerable.Range(0, count).Select(i => $"{i:x}\0"));
                for (var i = 0; i < strings.Length; i++)
                    if (i == 0 || strings[i - 1] == '\0')
                        structure.AddRange([3, 0, (uint)i]);
                break;
        }

        structure.AddRange([2, 9]);
        return FdtRefusalTests.Blob(structure.ToArray(), strings);
    }

    private static void Mutate(byte[] blob, Random random)
    {
        var at = random.Next(blob.Length);
        switch (random.Next(5))
        {
            case 0:
                blob[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                blob[at] = (byte)random.Next(256);
                break;
            case 2:
                // A word on its boundary becomes a token, a small number or an extreme.
                ReadOnlySpan<uint> words = [0, 1, 2, 3, 4, 9, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, (uint)blob.Length];
                if ((at &= ~3) + 4 <= blob.Length) BinaryPrimitives.WriteUInt32BigEndian(blob.AsSpan(at), words[random.Next(words.Length)]);
                break;
            case 3:
                var from = random.Next(blob.Length);
                var length = random.Next(Math.Min(blob.Length - from, blob.Length - at) + 1);
                Array.Copy(blob, from, blob, at, length);
                break;
            default:
                // The header, where one word decides most.
                blob[random.Next(Math.Min(40, blob.Length))] = (byte)random.Next(256);
                break;
        }
    }
}
