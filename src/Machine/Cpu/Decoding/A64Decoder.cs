using System.Numerics;

namespace RmStack.Machine.Cpu.Decoding;

/// <summary>From an instruction word to its line in <see cref="A64Table"/>, by the eleven top bits.</summary>
public static unsafe class A64Decoder
{
    private const int IndexShift = 21;
    private static readonly A64Encoding[][] Buckets = BuildBuckets();

    /// <summary>Finds the encoding of a word, or null when no line matches. Fields may still hold reserved values.</summary>
    public static A64Encoding? Find(uint word)
    {
        foreach (var encoding in Buckets[word >> IndexShift])
            if (encoding.Matches(word))
                return encoding;
        return null;
    }

    /// <summary>Name of the instruction that a word is on a CPU, or null when it is undefined there.</summary>
    public static string? Mnemonic(uint word, CpuModel model) =>
        Find(word) is { } found && model.Has(found.Features) && found.Allocates(word) ? found.Mnemonic : null;

    /// <summary>Decodes a word in place; what is unallocated becomes an Undefined exception.</summary>
    internal static void Decode(uint word, A64Op* op, CpuModel model)
    {
        op->Imm = 0;
        op->Rd = op->Rn = op->Rm = op->Ra = 0;
        op->Aux = 0;
        if (Find(word) is { } found && model.Has(found.Features) && found.Decode(word, op)) return;
        op->Execute = &Execution.Exceptions.Undefined;
    }

    private static A64Encoding[][] BuildBuckets()
    {
        // Where two lines match, the one with more fixed bits is meant.
        var ordered = A64Table.Encodings.OrderByDescending(static e => BitOperations.PopCount(e.Mask)).ToArray();
        var buckets = new A64Encoding[1 << (32 - IndexShift)][];
        for (var i = 0u; i < buckets.Length; i++)
        {
            var top = i << IndexShift;
            var topMask = ~0u << IndexShift;
            buckets[i] = [.. ordered.Where(e => ((e.Value ^ top) & e.Mask & topMask) == 0)];
        }

        return buckets;
    }
}
