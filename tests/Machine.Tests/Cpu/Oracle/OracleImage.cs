using System.Buffers.Binary;

namespace RmStack.Machine.Tests.Cpu.Oracle;

/// <summary>What the runner maps: records, then in pages of their own the blocks.</summary>
internal sealed class OracleImage
{
    private const uint Nop = 0xd503201f;
    private const uint ReloadX29X30 = 0xa96efb9d;

    public OracleImage(int blocks)
    {
        Blocks = blocks;
        CodeStart = ((blocks * OracleRecord.Size) + 0xfff) & ~0xfff;
        Bytes = new byte[CodeStart + (blocks * OracleRecord.CodeSize)];
        for (var i = 0; i < blocks; i++)
        {
            var record = this[i];
            record.Code = CodeOf(i);
            record.Next = i + 1 < blocks ? AddressOf(i + 1) : 0;
            record[(int)OracleRecord.Base] = AddressOf(i) + OracleRecord.Middle;
        }
    }

    private OracleImage(int blocks, int codeStart, byte[] bytes) => (Blocks, CodeStart, Bytes) = (blocks, codeStart, bytes);

    public int Blocks { get; }

    public byte[] Bytes { get; }

    private int CodeStart { get; }

    public OracleRecord this[int block] => new(Bytes.AsMemory(block * OracleRecord.Size, OracleRecord.Size));

    public static ulong AddressOf(int block) => OracleRecord.Records + ((ulong)block * OracleRecord.Size);

    public ulong CodeOf(int block) => OracleRecord.Records + (ulong)(CodeStart + (block * OracleRecord.CodeSize));

    /// <summary>The same layout with other content.</summary>
    public OracleImage With(byte[] bytes) => new(Blocks, CodeStart, bytes);

    public uint Word(int block, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Bytes.AsSpan(CodeStart + (block * OracleRecord.CodeSize) + (4 * index)));

    /// <summary>Puts the words of a block between the runner's own.</summary>
    public void SetCode(int block, ReadOnlySpan<uint> words)
    {
        Set(block, 0, ReloadX29X30);
        for (var i = 0; i < OracleRecord.Words; i++) Set(block, 1 + i, i < words.Length ? words[i] : Nop);
        var from = CodeOf(block) + (4 * (OracleRecord.Words + 1));
        Set(block, OracleRecord.Words + 1, 0x14000000 | ((uint)((long)(OracleRecord.Leave - from) >> 2) & 0x3ff_ffff));
    }

    private void Set(int block, int index, uint word) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes.AsSpan(CodeStart + (block * OracleRecord.CodeSize) + (4 * index)), word);
}
