namespace RmStack.Transport.Ports.Faults;

/// <summary>
/// Numbers that follow from the seed, the direction, the kind of fault and the packet's index, and from nothing else: neither the order in which
/// threads come nor whether another fault is enabled changes what happens to a packet. SplitMix64's mixing function.
/// </summary>
internal readonly struct FaultDice(ulong seed, FaultDirection direction)
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;
    private const int DrawsPerKind = 64;
    private const int KindsPerIndex = 16;
    private const double ToUnit = 1.0 / (1UL << 53);

    private readonly ulong _base = Mix(seed ^ Mix((ulong)direction + 1));

    /// <summary>Whether something of this probability happens.</summary>
    public bool Falls(FaultKind kind, long index, double probability) => probability > 0 && (Draw(kind, index, 0) >> 11) * ToUnit < probability;

    /// <summary>The <paramref name="draw"/>-th number about this fault, from 1 to <paramref name="most"/>; draws from 1 to 63.</summary>
    public long UpTo(FaultKind kind, long index, int draw, long most) => most <= 1 ? 1 : 1 + (long)(Draw(kind, index, draw) % (ulong)most);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }

    private ulong Draw(FaultKind kind, long index, int draw) =>
        Mix(_base + (Golden * ((((ulong)index * KindsPerIndex) + (ulong)kind) * DrawsPerKind + (ulong)draw + 1)));
}
