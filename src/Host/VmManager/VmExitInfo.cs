using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>How a VM ended, as the driver keeps it for user space: the type, and the first 8 bytes of the reason.</summary>
/// <param name="Type">Exit type.</param>
/// <param name="ReasonSize">Bytes of reason the Resource Manager sent.</param>
/// <param name="Reason">The first 8 of them, little-endian.</param>
public readonly record struct VmExitInfo(ExitType Type, uint ReasonSize, ulong Reason)
{
    /// <summary>Bytes of reason that are kept.</summary>
    public const int MaxReasonSize = 8;

    /// <summary>Exit flags: the low half of the reason's first word.</summary>
    public VmExitFlags Flags => (VmExitFlags)(ushort)Reason;

    /// <summary>Exit code: the high half of the reason's first word.</summary>
    public VmExitCode Code => (VmExitCode)(ushort)(Reason >> 16);
}
