using System.Buffers.Binary;
using RmStack.Protocol.Messages;

namespace RmStack.Host;

/// <summary>exit_reason of the run page.</summary>
public enum VCpuExitReason : uint
{
    Unknown = 0,

    /// <summary>The guest touched a device of the VMM.</summary>
    Mmio = 1,

    /// <summary>The VM does not run any more.</summary>
    Status = 2,

    /// <summary>Memory was missing (v15 and later).</summary>
    PageFault = 3,
}

/// <summary>status of a status exit.</summary>
public enum VmRunStatus : uint
{
    Unknown = 0,

    /// <summary>It never came up.</summary>
    LoadFailed = 1,

    /// <summary>It ended and the Resource Manager said how.</summary>
    Exited = 2,

    /// <summary>Anything else.</summary>
    Crashed = 3,
}

/// <summary>
/// The page that a vCPU's file shares with user space (Linux: struct gunyah_vcpu_run), laid out byte for byte; user space
/// reads it and answers in it.
/// </summary>
public sealed class VCpuRunPage
{
    /// <summary>Bytes: one page.</summary>
    public const int Size = 4096;

    /// <summary>Bytes of data that one MMIO exit carries.</summary>
    public const int MaxMmioSize = 8;

    private const int ImmediateExitOffset = 0;
    private const int ExitReasonOffset = 8;
    private const int MmioAddressOffset = 16;
    private const int MmioDataOffset = 24;
    private const int MmioLengthOffset = 32;
    private const int MmioIsWriteOffset = 36;
    private const int StatusOffset = 16;
    private const int ExitTypeOffset = 20;
    private const int ReasonSizeOffset = 24;
    private const int ReasonOffset = 28;

    private readonly byte[] _bytes = new byte[Size];

    /// <summary>The page itself.</summary>
    public Span<byte> Bytes => _bytes;

    /// <summary>Set by user space: leave before the next hypercall. The driver never clears it.</summary>
    public bool ImmediateExit
    {
        get => _bytes[ImmediateExitOffset] != 0;
        set => _bytes[ImmediateExitOffset] = value ? (byte)1 : (byte)0;
    }

    /// <summary>Why VCPU_RUN returned 0.</summary>
    public VCpuExitReason ExitReason
    {
        get => (VCpuExitReason)U32(ExitReasonOffset);
        internal set => U32(ExitReasonOffset, (uint)value);
    }

    /// <summary>Guest address of the access.</summary>
    public ulong MmioAddress => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(MmioAddressOffset));

    /// <summary>Bytes of the access, 1 to 8.</summary>
    public int MmioLength => (int)U32(MmioLengthOffset);

    /// <summary>Store or load.</summary>
    public bool MmioIsWrite => _bytes[MmioIsWriteOffset] != 0;

    /// <summary>What was stored, or what the load is to return.</summary>
    public ulong MmioData
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(MmioDataOffset));
        set => BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(MmioDataOffset), value);
    }

    /// <summary>What became of the VM.</summary>
    public VmRunStatus Status => (VmRunStatus)U32(StatusOffset);

    /// <summary>How it exited, when <see cref="Status"/> is <see cref="VmRunStatus.Exited"/>.</summary>
    public VmExitInfo Exit => new(
        (ExitType)BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(ExitTypeOffset)),
        U32(ReasonSizeOffset),
        BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(ReasonOffset)));

    internal void SetMmio(ulong address, int length, bool isWrite, ulong data)
    {
        ExitReason = VCpuExitReason.Mmio;
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(MmioAddressOffset), address);
        MmioData = data;
        U32(MmioLengthOffset, (uint)length);
        _bytes[MmioIsWriteOffset] = isWrite ? (byte)1 : (byte)0;
    }

    internal void SetStatus(VmRunStatus status, VmExitInfo exit)
    {
        ExitReason = VCpuExitReason.Status;
        U32(StatusOffset, (uint)status);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(ExitTypeOffset), (ushort)exit.Type);
        U32(ReasonSizeOffset, exit.ReasonSize);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(ReasonOffset), exit.Reason);
    }

    private uint U32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(offset));

    private void U32(int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(offset), value);
}
