using System.Globalization;

namespace RmStack.Hypervisor.Native;

/// <summary>Why an access to memory was refused.</summary>
public enum MemoryAbortReason
{
    None,

    /// <summary>Nothing is mapped there: the page was never given to the VM, or has been taken away.</summary>
    NotMapped,

    /// <summary>The mapping lacks the right.</summary>
    Permission,
}

/// <summary>The abort that software written in C# takes in place of a synchronous external abort.</summary>
/// <param name="Ipa">First address that could not be reached.</param>
/// <param name="Write">True for a write.</param>
/// <param name="Reason">Why.</param>
public readonly record struct MemoryAbort(ulong Ipa, bool Write, MemoryAbortReason Reason)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Write ? "write to" : "read of")} 0x{Ipa:x} refused: {(Reason == MemoryAbortReason.NotMapped ? "not mapped" : "permission")}");
}

/// <summary>Thrown when software of a VM touches memory that it does not have and did not expect to lose: its own mistake.</summary>
public sealed class MemoryAbortException : Exception
{
    /// <summary>Creates the exception for an abort.</summary>
    public MemoryAbortException(MemoryAbort abort)
        : base(abort.ToString()) => Abort = abort;

    /// <summary>Where and why.</summary>
    public MemoryAbort Abort { get; }
}
