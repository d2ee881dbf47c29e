using System.Runtime.CompilerServices;

namespace RmStack.Transport;

/// <summary>
/// A lock for a few instructions that call nobody else's code. It costs a third of a <see cref="Lock"/>, is not reentrant, and whoever finds it
/// taken spins shortly and then yields. HOT.
/// </summary>
internal sealed class BriefLock
{
    private SpinLock _lock = new(enableThreadOwnerTracking: false);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Holder Hold()
    {
        var taken = false;
        _lock.Enter(ref taken);
        return new Holder(this);
    }

    /// <summary>Gives the lock back at the end of a <c>using</c>.</summary>
    public readonly ref struct Holder(BriefLock owner)
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => owner._lock.Exit(useMemoryBarrier: false);
    }
}
