namespace RmStack.Transport.Capture;

/// <summary>What one tick of an interface's timestamps is. pcapng: draft-ietf-opsawg-pcapng, if_tsresol and if_tsoffset.</summary>
/// <param name="Resolution">if_tsresol: a power of ten to divide a second by, or with bit 7 a power of two.</param>
/// <param name="OffsetSeconds">if_tsoffset: seconds to add.</param>
public readonly record struct CaptureClock(byte Resolution, long OffsetSeconds)
{
    private const int BinaryBit = 0x80;
    private const ulong NsPerSecond = 1_000_000_000;

    // Every tick count is below 2^64, so that 10^29 of them in a second make less than a nanosecond.
    private const int NoTimeAtAll = 29;

    /// <summary>Microseconds: what a file that says nothing means.</summary>
    public static CaptureClock Microseconds => new(6, 0);

    /// <summary>Nanoseconds: what this project writes.</summary>
    public static CaptureClock Nanoseconds => new(9, 0);

    /// <summary>A timestamp in nanoseconds, rounded down; before the epoch it is 0 and beyond the 64th bit it is all ones.</summary>
    public ulong ToNanoseconds(ulong ticks)
    {
        var exponent = Resolution & ~BinaryBit;
        var product = (UInt128)ticks * NsPerSecond;
        var ns = (Resolution & BinaryBit) != 0 ? product >> exponent : exponent >= NoTimeAtAll ? 0 : product / PowerOfTen(exponent);
        var moved = (Int128)ns + ((Int128)OffsetSeconds * NsPerSecond);
        return moved < 0 ? 0 : moved > ulong.MaxValue ? ulong.MaxValue : (ulong)moved;
    }

    private static UInt128 PowerOfTen(int exponent)
    {
        UInt128 power = 1;
        while (exponent-- > 0) power *= 10;
        return power;
    }
}
