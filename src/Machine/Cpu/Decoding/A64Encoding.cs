namespace RmStack.Machine.Cpu.Decoding;

/// <summary>What an encoding does, as far as whoever generates or lists instructions has to know.</summary>
public enum A64Class
{
    /// <summary>Only registers and flags.</summary>
    DataProcessing,

    /// <summary>As <see cref="DataProcessing"/>, but the result depends on the address of the instruction.</summary>
    PcRelative,

    /// <summary>Changes the flow of control.</summary>
    Branch,

    /// <summary>Loads or stores at a base register without changing it.</summary>
    MemoryOffset,

    /// <summary>Loads or stores, and writes the address back.</summary>
    MemoryWriteBack,

    /// <summary>Loads or stores at a base register plus an index register.</summary>
    MemoryIndexed,

    /// <summary>Loads relative to the address of the instruction.</summary>
    MemoryLiteral,

    /// <summary>Exclusive, atomic or ordered access at a base register.</summary>
    Ordered,

    /// <summary>Hint, barrier, system register or system instruction.</summary>
    System,

    /// <summary>Makes an exception, or returns from one.</summary>
    Exceptional,

    /// <summary>Floating point, SIMD or SVE: subject to CPACR_EL1.</summary>
    FpSimd,
}

/// <summary>One line of the table of A64 encodings.</summary>
public sealed unsafe class A64Encoding
{
    private readonly delegate*<uint, A64Op*, bool> _decode;

    internal A64Encoding(string pattern, string mnemonic, A64Class kind, delegate*<uint, A64Op*, bool> decode, CpuFeatures features = CpuFeatures.None)
    {
        Pattern = pattern.Replace(" ", "", StringComparison.Ordinal);
        Mnemonic = mnemonic;
        Class = kind;
        Features = features;
        _decode = decode;
        if (Pattern.Length != 32) throw new ArgumentException($"The pattern of {mnemonic} has {Pattern.Length} bits.", nameof(pattern));
        foreach (var bit in Pattern)
        {
            Mask = (Mask << 1) | (bit is '0' or '1' ? 1u : 0);
            Value = (Value << 1) | (bit == '1' ? 1u : 0);
        }
    }

    /// <summary>
    /// 32 characters from bit 31 down: 0 and 1 are fixed; letters are fields (d, n, m, a, t: registers; z: 64 bits;
    /// i: immediate; c: condition; others as the Arm ARM calls them).
    /// </summary>
    public string Pattern { get; }

    /// <summary>Name of the instruction, not of an alias.</summary>
    public string Mnemonic { get; }

    /// <summary>What it does.</summary>
    public A64Class Class { get; }

    /// <summary>What a CPU must have.</summary>
    public CpuFeatures Features { get; }

    /// <summary>Fixed bits.</summary>
    public uint Mask { get; }

    /// <summary>What the fixed bits are.</summary>
    public uint Value { get; }

    /// <summary>True when the fixed bits of a word are those of this encoding.</summary>
    public bool Matches(uint word) => (word & Mask) == Value;

    /// <summary>True when a word that matches is allocated: fields can hold what is reserved.</summary>
    public bool Allocates(uint word)
    {
        A64Op op = default;
        return _decode(word, &op);
    }

    /// <summary>Fills in the handler and its operands.</summary>
    /// <returns>False when the word is unallocated.</returns>
    internal bool Decode(uint word, A64Op* op) => _decode(word, op);
}
