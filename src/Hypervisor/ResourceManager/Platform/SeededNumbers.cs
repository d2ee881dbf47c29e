namespace RmStack.ResourceManager.Platform;

/// <summary>The numbers that the RM makes up, in a sequence that the seed fixes (splitmix64).</summary>
internal sealed class SeededNumbers(ulong seed)
{
    private const ulong Increment = 0x9e37_79b9_7f4a_7c15;

    private ulong _state = seed;

    /// <summary>The next number.</summary>
    public ulong Next()
    {
        _state += Increment;
        var mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58_476d_1ce4_e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d0_49bb_1331_11eb;
        return mixed ^ (mixed >> 31);
    }
}
