using System.Buffers.Binary;

namespace RmStack.Machine.Tests.Images;

/// <summary>An ELF64 AArch64 executable by hand, every field of which a test can spoil.</summary>
internal sealed class ElfFile
{
    public const int HeadersAt = 64, HeaderSize = 56;

    // Offsets of a program header's fields.
    public const int Type = 0, FileOffset = 8, VirtualAddress = 16, PhysicalAddress = 24, FileSize = 32, MemorySize = 40, Alignment = 48;

    private readonly List<(ulong Address, byte[] Bytes, ulong MemorySize)> _segments = [];

    public ulong Entry { get; set; }

    public ElfFile Add(ulong address, byte[] bytes, ulong memorySize)
    {
        _segments.Add((address, bytes, memorySize));
        return this;
    }

    /// <summary>Where a field of a program header is in the file.</summary>
    public static int At(int segment, int field) => HeadersAt + segment * HeaderSize + field;

    public byte[] ToArray()
    {
        var file = new byte[HeadersAt + _segments.Count * HeaderSize + _segments.Sum(segment => segment.Bytes.Length)];
        byte[] ident = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1];
        ident.CopyTo(file, 0);
        Half(16, 2);
        Half(18, 183);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(20), 1);
        Long(24, Entry);
        Long(32, HeadersAt);
        Half(52, HeadersAt);
        Half(54, HeaderSize);
        Half(56, (ushort)_segments.Count);
        var data = HeadersAt + _segments.Count * HeaderSize;
        for (var i = 0; i < _segments.Count; i++)
        {
            var (address, bytes, memorySize) = _segments[i];
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(At(i, Type)), 1);
            Long(At(i, FileOffset), (ulong)data);
            Long(At(i, VirtualAddress), address);
            Long(At(i, PhysicalAddress), address);
            Long(At(i, FileSize), (ulong)bytes.Length);
            Long(At(i, MemorySize), memorySize);
            Long(At(i, Alignment), 4096);
            bytes.CopyTo(file, data);
            data += bytes.Length;
        }

        return file;
        void Half(int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);
        void Long(int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
    }
}
