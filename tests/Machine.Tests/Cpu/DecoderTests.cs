using System.Globalization;
using System.Numerics;
using System.Text;
using FsCheck.Xunit;
using RmStack.Machine.Cpu;
using RmStack.Machine.Cpu.Decoding;
using RmStack.Machine.Tests.Cpu.Oracle;

namespace RmStack.Machine.Tests.Cpu;

public sealed class DecoderTests
{
    [Fact]
    public void Every_line_of_the_table_can_be_reached()
    {
        var random = new Random(1);
        foreach (var encoding in A64Table.Encodings)
        {
            var found = false;
            for (var i = 0; i < 10_000 && !found; i++)
            {
                var word = ((uint)random.NextInt64() & ~encoding.Mask) | encoding.Value;
                found = ReferenceEquals(A64Decoder.Find(word), encoding) && encoding.Allocates(word);
            }

            Assert.True(found, $"{encoding.Mnemonic} {encoding.Pattern}");
        }
    }

    [Fact]
    public void Lines_that_overlap_are_nested_so_that_the_narrower_one_is_meant()
    {
        var all = A64Table.Encodings;
        for (var i = 0; i < all.Count; i++)
        {
            for (var j = i + 1; j < all.Count; j++)
            {
                var (a, b) = (all[i], all[j]);
                if (((a.Value ^ b.Value) & a.Mask & b.Mask) != 0) continue;
                var both = a.Mask | b.Mask;
                Assert.True(both == a.Mask ^ both == b.Mask, $"{a.Mnemonic} {a.Pattern} and {b.Mnemonic} {b.Pattern}");
            }
        }
    }

    [Property(MaxTest = 2000)]
    public bool Find_agrees_with_a_search_of_the_whole_table(uint word) =>
        ReferenceEquals(
            A64Decoder.Find(word),
            A64Table.Encodings.Where(e => e.Matches(word)).MaxBy(static e => BitOperations.PopCount(e.Mask)));

    [Fact]
    public void Objdump_calls_every_encoding_by_the_same_name()
    {
        // Aliases off; conditions and the order and size suffixes of LSE are part of objdump's names.
        var random = new Random(2);
        var encodings = A64Table.Encodings.Where(static e => e.Class != A64Class.FpSimd).ToArray();
        var words = encodings.SelectMany(e => Enumerable.Range(0, 40).Select(_ => BlockGenerator.Sample(e, random))).ToArray();
        var names = Disassemble(words);
        for (var i = 0; i < words.Length; i++)
        {
            var ours = A64Decoder.Find(words[i])!;
            var theirs = names[i];
            if (IsCallToTheirOwnName(ours, theirs) || IsUnpredictable(ours, words[i])) continue;
            Assert.True(
                ours.Mnemonic == theirs || ((ours.Features.HasFlag(CpuFeatures.Lse) || ours.Features.HasFlag(CpuFeatures.Rcpc)) && theirs.StartsWith(ours.Mnemonic, StringComparison.Ordinal))
                || (ours.Mnemonic == "b." && theirs.StartsWith("b.", StringComparison.Ordinal)),
                $"{words[i]:x8}: {ours.Mnemonic}, objdump {theirs}");
        }
    }

    [Fact]
    public void Load_and_store_words_are_unallocated_where_objdump_says_so()
    {
        // The space of loads and stores without vector registers, and without what later extensions put there.
        var random = new Random(3);
        var words = Enumerable.Range(0, 20_000).Select(_ => ((uint)random.NextInt64() & ~0x0e00_0000u) | 0x0800_0000).ToArray();
        var names = Disassemble(words);
        for (var i = 0; i < words.Length; i++)
        {
            var ours = A64Decoder.Mnemonic(words[i], CpuModel.Gunyah with { Features = (CpuFeatures)~0u });
            if (ours is not null && IsUnpredictable(A64Decoder.Find(words[i])!, words[i])) continue;
            if (ours is not null && names[i] == "undefined") Assert.Fail($"{words[i]:x8}: {ours} is unallocated");
            if (ours is null && names[i] != "undefined" && !IsLaterExtension(names[i])) Assert.Fail($"{words[i]:x8}: {names[i]} is missing");
        }
    }

    // Names of tag, key, LS64, RCPC2, MOPS and PAuth instructions that the model does not have, and encodings of CASP and
    // exclusives that objdump prints although fields are reserved.
    private static bool IsLaterExtension(string name) =>
        name is "stg" or "stzg" or "st2g" or "stz2g" or "ldg" or "stgm" or "ldgm" or "stzgm" or "stgp" or "ldraa" or "ldrab" or "ld64b" or "st64b" or "st64bv" or "st64bv0"
        || name.StartsWith("stlur", StringComparison.Ordinal) || name.StartsWith("ldapur", StringComparison.Ordinal)
        || name.StartsWith("cpy", StringComparison.Ordinal) || name.StartsWith("set", StringComparison.Ordinal) || name.StartsWith("casp", StringComparison.Ordinal);

    private static bool IsCallToTheirOwnName(A64Encoding ours, string theirs) => ours.Mnemonic switch
    {
        // Hints and SYS have names of their own per operand, whatever objdump is told about aliases.
        "hint" => theirs is not ("undefined" or "msr"),
        "sys" or "sysl" or "msr" or "mrs" => theirs is not "undefined",
        "dsb" => theirs is "dsb" or "ssbb" or "pssbb",
        "udf" => theirs is "udf",
        _ => false,
    };

    // Write-back to a register that is loaded or stored, a pair loaded into one register, and fields that should be ones and
    // are not: objdump refuses some of these.
    private static bool IsUnpredictable(A64Encoding ours, uint word)
    {
        for (var i = 0; i < 32; i++)
            if (ours.Pattern[i] == 'x' && (word >> (31 - i) & 1) == 0) return true;
        uint t = word & 31, n = word >> 5 & 31, u = word >> 10 & 31;
        return ours.Pattern.Contains('u', StringComparison.Ordinal)
            ? t == u || (ours.Class == A64Class.MemoryWriteBack && (t == n || u == n))
            : ours.Class == A64Class.MemoryWriteBack && t == n;
    }

    private static string[] Disassemble(uint[] words)
    {
        using var scratch = new ScratchDirectory();
        var bytes = new byte[4 * words.Length];
        Buffer.BlockCopy(words, 0, bytes, 0, bytes.Length);
        File.WriteAllBytes(scratch.File("words"), bytes);
        var text = Toolchain.Run(Toolchain.Objdump, "-D", "-z", "-b", "binary", "-m", "aarch64", "-M", "no-aliases", scratch.File("words"));
        var names = new List<string>();
        foreach (var line in text.Split('\n'))
        {
            var parts = line.Split('\t', StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length < 3 || !parts[0].EndsWith(':')) continue;
            var name = parts[2].Trim().Split(' ')[0];
            names.Add(line.Contains("; undefined", StringComparison.Ordinal) || line.Contains("undefined", StringComparison.Ordinal) || name == ".inst" ? "undefined" : name);
        }

        Assert.True(names.Count == words.Length, new StringBuilder().Append(CultureInfo.InvariantCulture, $"objdump printed {names.Count} of {words.Length}").ToString());
        return [.. names];
    }
}
