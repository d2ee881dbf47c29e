namespace RmStack.Simulation.Tests;

/// <summary>FNV-1a, 64 bits: the same on every machine and in every run.</summary>
internal static class Digest
{
    public const ulong Start = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public static ulong Of(ReadOnlySpan<byte> bytes, ulong start = Start)
    {
        foreach (var b in bytes)
            start = (start ^ b) * Prime;
        return start;
    }

    public static ulong Of(ulong number, ulong start = Start)
    {
        for (var i = 0; i < sizeof(ulong); i++)
            start = (start ^ (byte)(number >> (8 * i))) * Prime;
        return start;
    }
}
