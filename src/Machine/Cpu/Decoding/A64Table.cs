namespace RmStack.Machine.Cpu.Decoding;

/// <summary>
/// Every A64 encoding that the model knows, one line each (Arm ARM C4). Decoder, random-instruction generator and coverage
/// read the same lines. An encoding that is not here is undefined.
/// </summary>
public static partial class A64Table
{
    /// <summary>All lines.</summary>
    public static IReadOnlyList<A64Encoding> Encodings { get; } =
        [.. DataProcessingImmediate(), .. DataProcessingRegister(), .. Branches(), .. SystemInstructions(), .. LoadsAndStores(), .. Atomics(), .. FpSimd()];
}
