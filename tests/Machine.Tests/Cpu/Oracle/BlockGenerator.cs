using RmStack.Machine.Cpu;
using RmStack.Machine.Cpu.Decoding;

namespace RmStack.Machine.Tests.Cpu.Oracle;

/// <summary>
/// Makes blocks of random valid instructions from the decode table. Memory is touched only in the window, control goes
/// forward only, and the base register and SP are never written.
/// </summary>
internal sealed unsafe class BlockGenerator(Random random, CpuModel model)
{
    private const uint Nop = 0xd503201f;
    private static readonly ulong[] Special =
        [0, 1, ulong.MaxValue, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x8000_0000_0000_0000, 0x7fff_ffff_ffff_ffff, 0x1_0000_0000, 63, 64, 31, 32];

    private readonly A64Encoding[] _encodings =
        [.. A64Table.Encodings.Where(e => model.Has(e.Features) && !e.Features.HasFlag(CpuFeatures.PauthWithoutKeys) && e.Class is not (A64Class.FpSimd or A64Class.Exceptional))];

    private readonly uint[] _words = new uint[OracleRecord.Words];
    private readonly List<int> _starts = [];
    private readonly List<int> _branches = [];
    private int _count;
    private ulong _window;
    private ulong _code;

    /// <summary>Fills in start values and code.</summary>
    public void Fill(OracleImage image, int block)
    {
        var record = image[block];
        _window = OracleImage.AddressOf(block) + OracleRecord.Window;
        _code = image.CodeOf(block);
        random.NextBytes(record.WindowBytes);
        for (var i = 0; i < 31; i++) if (i != OracleRecord.Base) record[i] = random.Next(4) == 0 ? Special[random.Next(Special.Length)] : (ulong)random.NextInt64() ^ ((ulong)random.Next(2) << 63);
        record.Nzcv = (ulong)random.Next(16) << 28;
        _count = 0;
        _starts.Clear();
        _branches.Clear();
        while (_count < OracleRecord.Words - 3)
        {
            if (!_starts.Contains(_count)) _starts.Add(_count);
            Emit();
        }

        _starts.Add(_count);
        foreach (var at in _branches) Aim(at);
        image.SetCode(block, _words.AsSpan(0, _count));
    }

    /// <summary>A word of one encoding that is allocated.</summary>
    public static uint Sample(A64Encoding encoding, Random random)
    {
        while (true)
        {
            var word = ((uint)random.NextInt64() & ~encoding.Mask) | encoding.Value;
            if (encoding.Allocates(word) && ReferenceEquals(A64Decoder.Find(word), encoding)) return word;
        }
    }

    private void Emit()
    {
        var encoding = _encodings[random.Next(_encodings.Length)];
        var word = Sample(encoding, random);
        switch (encoding.Class)
        {
            case A64Class.DataProcessing or A64Class.PcRelative when Writes(encoding, word):
                Add(word);
                break;
            case A64Class.MemoryOffset:
                EmitOffset(encoding, word);
                break;
            case A64Class.MemoryWriteBack:
                EmitWriteBack(encoding, word);
                break;
            case A64Class.MemoryIndexed:
                EmitIndexed(encoding, word);
                break;
            case A64Class.MemoryLiteral when Field(word, 0) != OracleRecord.Base:
                // Anywhere in the window, unaligned to the datum at times.
                var distance = (long)(_window + (4 * (ulong)random.Next((OracleRecord.WindowSize / 4) - 2)) - (_code + (4 * (ulong)(1 + _count))));
                if (distance > -0x10_0000) Add((word & ~(0x7ffffu << 5)) | ((uint)(distance >> 2) & 0x7ffff) << 5);
                break;
            case A64Class.Ordered:
                EmitOrdered(encoding, word);
                break;
            case A64Class.Branch:
                EmitBranch(encoding, word);
                break;
            case A64Class.System:
                EmitSystem(encoding, word);
                break;
            default:
                break;
        }
    }

    private void Add(uint word) => _words[_count++] = word;

    private static uint Field(uint word, int low) => (word >> low) & 31;

    private static uint With(uint word, int low, uint register) => (word & ~(31u << low)) | (register << low);

    /// <summary>A register that blocks may change.</summary>
    private uint Free(params ReadOnlySpan<uint> not)
    {
        while (true)
        {
            var register = (uint)random.Next(31);
            if (register != OracleRecord.Base && !not.Contains(register)) return register;
        }
    }

    private static bool Writes(A64Encoding encoding, uint word)
    {
        A64Op op = default;
        encoding.Decode(word, &op);
        return encoding.Mnemonic is "ccmp" or "ccmn" || (op.Rd != OracleRecord.Base && op.Rd != Slot.Sp);
    }

    private uint WithFreeTargets(A64Encoding encoding, uint word, uint notBase)
    {
        // No instruction may load the base; a pair loads two; write-back excludes the base from the data.
        var first = Free(notBase);
        word = With(word, 0, random.Next(12) == 0 ? 31 : first);
        if (encoding.Pattern.Contains('u', StringComparison.Ordinal)) word = With(word, 10, Free(notBase, first));
        return word;
    }

    private void EmitOffset(A64Encoding encoding, uint word)
    {
        word = With(WithFreeTargets(encoding, word, 31), 5, random.Next(4) == 0 ? 31 : OracleRecord.Base);
        A64Op op = default;
        encoding.Decode(word, &op);
        if (op.Imm is >= -0x100 and <= 0xf0) Add(word);
    }

    private void EmitWriteBack(A64Encoding encoding, uint word)
    {
        var register = Free();
        word = With(WithFreeTargets(encoding, word, register), 5, register);
        A64Op op = default;
        encoding.Decode(word, &op);
        var start = random.Next(0, 0x40);
        if (start + op.Imm is < -0x100 or > 0xf0) return;
        Add(0x91000000 | ((uint)start << 10) | (OracleRecord.Base << 5) | register); // add
        Add(word);
    }

    private void EmitIndexed(A64Encoding encoding, uint word)
    {
        var register = Free();
        word = With(With(WithFreeTargets(encoding, word, register), 5, OracleRecord.Base), 16, register);
        Add(0x93401000 | (Free() << 5) | register); // sbfm #0, #4: -16 to 15
        var isUnsignedWord = (word >> 13 & 7) == 2;
        if (isUnsignedWord) Add(0x92400c00 | (register << 5) | register); // and #15
        Add(word);
    }

    private void EmitOrdered(A64Encoding encoding, uint word)
    {
        var register = Free();

        // QEMU 7.2 does not check the alignment of LDAPR; the architecture has it checked without FEAT_LSE2.
        var step = encoding.Mnemonic != "ldapr" && random.Next(16) == 0 ? 1 : 16;

        // A store-exclusive of another size than the load before it is CONSTRAINED UNPREDICTABLE: stores without their own
        // load have addresses of their own.
        var alone = encoding.Mnemonic.StartsWith("stx", StringComparison.Ordinal) || encoding.Mnemonic.StartsWith("stlx", StringComparison.Ordinal);
        Add(0x91000000 | ((uint)((alone ? 0x70 : 0) + (step * random.Next(0x70 / step))) << 10) | (OracleRecord.Base << 5) | register); // add
        Add(OrderedAt(encoding, word, register));
        if (!encoding.Mnemonic.StartsWith("ldx", StringComparison.Ordinal) && !encoding.Mnemonic.StartsWith("ldax", StringComparison.Ordinal)) return;
        if (random.Next(3) == 0 || _count >= OracleRecord.Words - 1) return;

        // A load-exclusive is worth most when a store-exclusive of the same size and kind follows.
        var store = "st" + encoding.Mnemonic.Replace("ldax", "lx", StringComparison.Ordinal).Replace("ldx", "x", StringComparison.Ordinal);
        var other = A64Table.Encodings.Single(e => e.Mnemonic == store);
        Add(OrderedAt(other, (Sample(other, random) & 0x3fff_ffff) | (word & 0xc000_0000), register));
    }

    private uint OrderedAt(A64Encoding encoding, uint word, uint register)
    {
        var first = Free(register);
        var second = Free(register, first);
        word = With(With(word, 0, first), 5, register);
        if (encoding.Pattern.Contains('u', StringComparison.Ordinal)) word = With(word, 10, second);
        if (encoding.Mnemonic == "casp") return With(With(word, 0, 2 * (uint)random.Next(14)), 16, 2 * (uint)random.Next(13));
        return encoding.Pattern.Contains('s', StringComparison.Ordinal) ? With(word, 16, Free(register, first, second)) : word;
    }

    private void EmitBranch(A64Encoding encoding, uint word)
    {
        // Where it goes is settled at the end, when it is known where a group of words begins.
        _branches.Add(_count);
        if (encoding.Mnemonic is not ("br" or "blr" or "ret"))
        {
            Add(word);
            return;
        }

        var register = Free();
        Add(0x10000000 | register); // adr
        Add(With(word, 5, register));
    }

    private void Aim(int at)
    {
        var later = _starts.Where(s => s > at + 1).Take(3).ToArray();
        var distance = (uint)((later.Length == 0 ? _count : later[random.Next(later.Length)]) - at);
        var word = _words[at];
        _words[at] = A64Decoder.Find(word)!.Mnemonic switch
        {
            "b" or "bl" => (word & 0xfc00_0000) | distance,
            "tbz" or "tbnz" => (word & ~(0x3fffu << 5)) | (distance << 5),
            _ => (word & ~(0x7ffffu << 5)) | (distance << 5),
        };
    }

    private void EmitSystem(A64Encoding encoding, uint word)
    {
        const uint MsrNzcv = 0xd51b4200, MrsNzcv = 0xd53b4200;
        switch (encoding.Mnemonic)
        {
            case "msr" when encoding.Pattern.EndsWith("ttttt", StringComparison.Ordinal):
                Add(MsrNzcv | Field(word, 0));
                break;
            case "mrs":
                Add(MrsNzcv | Free());
                break;
            case "clrex" or "dsb" or "dmb" or "isb":
                Add(word);
                break;
            case "hint":
                // Hints 0, 1 and those of later extensions; not WFE, WFI and the events, nor those that use keys in QEMU.
                var hint = word >> 5 & 0x7f;
                var usesKeys = model.Has(CpuFeatures.PauthWithoutKeys) && hint is >= 7 and < 32;
                Add(hint is >= 2 and <= 5 || usesKeys ? Nop : word);
                break;
            default:
                break;
        }
    }
}
