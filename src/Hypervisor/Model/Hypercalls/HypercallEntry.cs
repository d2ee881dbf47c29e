namespace RmStack.Hypervisor.Hypercalls;

/// <summary>How the hypervisor reads one argument of a hypercall (Gunyah: hypercall.py, value conversions).</summary>
public enum HypercallArgumentKind
{
    /// <summary>All 64 bits: capability ids, sizes, addresses, flag words.</summary>
    U64,

    /// <summary>The low 32 bits.</summary>
    U32,

    /// <summary>The low 16 bits.</summary>
    U16,

    /// <summary>Any non-zero value is true.</summary>
    Bool,

    /// <summary>Reserved: 0 on the HVC-immediate path, not looked at on the other.</summary>
    Zero,

    /// <summary>Reserved: all ones on the HVC-immediate path, not looked at on the other.</summary>
    Ones,
}

/// <summary>One argument of a hypercall.</summary>
/// <param name="Name">Its name in the API manual; "_" for a reserved one.</param>
/// <param name="Kind">How it is read.</param>
public readonly record struct HypercallArgument(string Name, HypercallArgumentKind Kind);

/// <summary>What a row of the table does.</summary>
/// <param name="call">Arguments, results and who calls.</param>
public delegate void HypercallHandler(ref HypercallCall call);

/// <summary>One row of the table of hypercalls: everything about it that is not behaviour, and the behaviour.</summary>
public sealed class HypercallEntry
{
    /// <summary>Makes a row.</summary>
    /// <param name="number">Number N.</param>
    /// <param name="name">Name in the API manual.</param>
    /// <param name="inputs">Arguments as "name:kind", kind one of x (64 bits), w (32), h (16), b (bool), z (must be 0), m (must be -1).</param>
    /// <param name="outputs">Names of the results, X0 first.</param>
    /// <param name="handler">What it does; null for one this model answers with UNIMPLEMENTED.</param>
    public HypercallEntry(int number, string name, string inputs, string outputs, HypercallHandler? handler)
    {
        Number = number;
        Name = name;
        Inputs = [.. inputs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
        Outputs = outputs.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Handler = handler;
    }

    /// <summary>Number N: HVC #0x6000 + N, or function id 0xC6008000 + N.</summary>
    public int Number { get; }

    /// <summary>Name in the API manual.</summary>
    public string Name { get; }

    /// <summary>Arguments, in the order of registers.</summary>
    public IReadOnlyList<HypercallArgument> Inputs { get; }

    /// <summary>Names of the results, X0 first.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>True when X0 is an error number.</summary>
    public bool ReturnsError => Outputs.Count > 0 && string.Equals(Outputs[0], "error", StringComparison.Ordinal);

    /// <summary>What it does; null for one this model answers with UNIMPLEMENTED.</summary>
    internal HypercallHandler? Handler { get; }

    /// <summary>True when the model has it.</summary>
    public bool Implemented => Handler is not null;

    /// <summary>Reads an argument as its kind says.</summary>
    internal static ulong Convert(HypercallArgumentKind kind, ulong register) => kind switch
    {
        HypercallArgumentKind.U32 => (uint)register,
        HypercallArgumentKind.U16 => (ushort)register,
        HypercallArgumentKind.Bool => register != 0 ? 1UL : 0,
        _ => register,
    };

    private static HypercallArgument Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var kind = text[(colon + 1)..] switch
        {
            "x" => HypercallArgumentKind.U64,
            "w" => HypercallArgumentKind.U32,
            "h" => HypercallArgumentKind.U16,
            "b" => HypercallArgumentKind.Bool,
            "z" => HypercallArgumentKind.Zero,
            "m" => HypercallArgumentKind.Ones,
            _ => throw new ArgumentException($"Unknown kind of hypercall argument: {text}", nameof(text)),
        };
        return new HypercallArgument(text[..colon], kind);
    }
}
