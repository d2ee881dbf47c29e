using System.Buffers.Binary;

namespace RmStack.Machine.Tests.Cpu.Oracle;

/// <summary>One record of the runner (see runner.s): start or end state of a block.</summary>
internal readonly struct OracleRecord(Memory<byte> bytes)
{
    public const int Size = 0x400;
    public const int Window = 0x100;
    public const int WindowSize = 0x200;
    public const int Middle = 0x200;

    /// <summary>Words of a block, without the first and the last, which belong to the runner.</summary>
    public const int Words = 20;

    /// <summary>Bytes of a block.</summary>
    public const int CodeSize = 4 * (Words + 2);

    /// <summary>Register that always points at the middle of the window.</summary>
    public const uint Base = 28;

    /// <summary>Where the first record is.</summary>
    public const ulong Records = 0x800_0000;

    /// <summary>Where a block ends up.</summary>
    public const ulong Leave = 0x700_0000;

    public Span<byte> Bytes => bytes.Span;

    public Span<byte> WindowBytes => Bytes.Slice(Window, WindowSize);

    public ulong this[int index]
    {
        get => BinaryPrimitives.ReadUInt64LittleEndian(Bytes[(8 * index)..]);
        set => BinaryPrimitives.WriteUInt64LittleEndian(Bytes[(8 * index)..], value);
    }

    public ulong Nzcv
    {
        get => this[31];
        set => this[31] = value;
    }

    public ulong Signal
    {
        get => this[0x3f0 / 8];
        set => this[0x3f0 / 8] = value;
    }

    public ulong SignalPc
    {
        get => this[0x3f8 / 8];
        set => this[0x3f8 / 8] = value;
    }

    /// <summary>Address of the block.</summary>
    public ulong Code
    {
        get => this[0x300 / 8];
        set => this[0x300 / 8] = value;
    }

    /// <summary>Address of the next record, 0 after the last.</summary>
    public ulong Next
    {
        get => this[0x308 / 8];
        set => this[0x308 / 8] = value;
    }
}
