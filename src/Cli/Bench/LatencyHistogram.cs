using System.Numerics;

namespace RmStack.Cli.Bench;

/// <summary>
/// How long things took, in a fixed amount of memory: exact below 128 units, in steps of less than 1.6 % above. The longest is kept exactly.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int MantissaBits = 6;
    private const int Steps = 1 << MantissaBits;
    private readonly long[] _counts = new long[(64 - MantissaBits + 1) * Steps];

    /// <summary>How many there are.</summary>
    public long Count { get; private set; }

    /// <summary>The longest.</summary>
    public long Longest { get; private set; }

    /// <summary>Adds one; less than 0 counts as 0.</summary>
    public void Add(long duration)
    {
        duration = Math.Max(duration, 0);
        _counts[IndexOf(duration)]++;
        Count++;
        Longest = Math.Max(Longest, duration);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Longest) = (0, 0);
    }

    /// <summary>The duration that the given share of all do not exceed: the upper end of its step.</summary>
    /// <param name="share">0 to 1.</param>
    public long Percentile(double share)
    {
        var wanted = Math.Clamp((long)Math.Ceiling(share * Count), 1, Math.Max(Count, 1));
        var seen = 0L;
        for (var index = 0; index < _counts.Length; index++)
        {
            seen += _counts[index];
            if (seen >= wanted)
                return Math.Min(HighestOf(index), Longest);
        }

        return Longest;
    }

    // Values of 2^k to 2^(k+1) share 64 steps; the first two rows are the values themselves.
    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - MantissaBits);
        return (shift * Steps) + (int)(value >> shift);
    }

    private static long HighestOf(int index)
    {
        var shift = Math.Max(0, (index / Steps) - 1);
        var mantissa = index - (shift * Steps);
        return ((long)(mantissa + 1) << shift) - 1;
    }
}
