namespace RmStack.ResourceManager.Platform;

/// <summary>Interrupt numbers of one VM: the lowest free one of a range is given out first, and a number given back is used again (RM: irq_manager.c).</summary>
/// <param name="first">First INTID that is given out without being asked for.</param>
/// <param name="last">Last of them.</param>
internal sealed class VirqPool(uint first, uint last)
{
    /// <summary>Lowest INTID of a shared interrupt.</summary>
    public const uint FirstShared = 32;

    /// <summary>Highest INTID of a shared interrupt.</summary>
    public const uint LastShared = 1019;

    /// <summary>First number that a VM gets on this platform.</summary>
    public const uint FirstOfVm = 960;

    private readonly HashSet<uint> _taken = [];

    /// <summary>The numbers that VMs are given.</summary>
    public static VirqPool ForVm() => new(FirstOfVm, LastShared);

    /// <summary>Takes the lowest free number. False when all are taken.</summary>
    public bool TryTake(out uint virq)
    {
        for (virq = first; virq <= last; virq++)
            if (_taken.Add(virq))
                return true;
        virq = 0;
        return false;
    }

    /// <summary>Takes one number, also outside the range. False when it is taken or no shared interrupt.</summary>
    public bool TryTakeExactly(uint virq) => virq is >= FirstShared and <= LastShared && _taken.Add(virq);

    /// <summary>Gives a number back; 0 stands for none.</summary>
    public void Give(ref uint virq)
    {
        _taken.Remove(virq);
        virq = 0;
    }
}
