namespace RmStack.Machine.Cpu;

/// <summary>
/// The exclusive monitor (Arm ARM B2.9): address and value of the last load-exclusive. A store succeeds when the address is
/// the same and memory still holds the value, so a store by another element is noticed unless it put the same value back.
/// </summary>
public sealed unsafe partial class ProcessingElement
{
    private bool _exclusive;
    private ulong _exclusiveAddress;
    private ulong _exclusiveLow;
    private ulong _exclusiveHigh;

    internal void ClearExclusive() => _exclusive = false;

    internal void MarkExclusive(ulong va, ulong low, ulong high)
    {
        _exclusive = true;
        _exclusiveAddress = va;
        _exclusiveLow = low;
        _exclusiveHigh = high;
    }

    internal bool IsExclusive(ulong va) => _exclusive && _exclusiveAddress == va;

    internal bool IsUnchangedSinceExclusive(byte* place, int size) => size switch
    {
        1 => *place == (byte)_exclusiveLow,
        2 => *(ushort*)place == (ushort)_exclusiveLow,
        4 => *(uint*)place == (uint)_exclusiveLow,
        8 => *(ulong*)place == _exclusiveLow,
        _ => ((ulong*)place)[0] == _exclusiveLow && ((ulong*)place)[1] == _exclusiveHigh,
    };
}
