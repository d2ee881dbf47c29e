using System.Buffers.Binary;

namespace RmStack.Machine.Images;

/// <summary>Reads the program headers of an ELF64 little-endian AArch64 program (System V gABI chapter 5; Arm IHI 0056).</summary>
internal ref struct ElfImageReader
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;

    // Offsets in the file header.
    private const int ClassAt = 4, DataAt = 5, IdentVersionAt = 6;
    private const int TypeAt = 16, MachineAt = 18, VersionAt = 20, EntryAt = 24, ProgramHeadersAt = 32;
    private const int ProgramHeaderSizeAt = 54, ProgramHeaderCountAt = 56;

    private const byte Class64 = 2, LittleEndian = 1, CurrentVersion = 1;
    private const ushort TypeExecutable = 2, TypeDynamic = 3, MachineAArch64 = 183;

    /// <summary>e_phnum of a file that keeps the real count elsewhere (PN_XNUM). No guest image has 65535 segments.</summary>
    private const ushort CountElsewhere = 0xffff;

    private const uint Load = 1, Interpreter = 3;

    private readonly ReadOnlyMemory<byte> _file;
    private readonly ReadOnlySpan<byte> _bytes;
    private ImageError _error;

    private ElfImageReader(ReadOnlyMemory<byte> file)
    {
        _file = file;
        _bytes = file.Span;
    }

    /// <summary>A loadable segment before it is placed relative to the lowest.</summary>
    private readonly record struct Segment(ulong HeaderAt, ulong FileOffset, ulong VirtualAddress, ulong PhysicalAddress, ulong FileSize, ulong MemorySize, ulong Alignment);

    public static bool Recognises(ReadOnlySpan<byte> file) => file is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..];

    public static bool TryRead(ReadOnlyMemory<byte> file, out GuestImage? image, out ImageError error)
    {
        var reader = new ElfImageReader(file);
        var read = reader.TryRead(out image);
        error = reader._error;
        return read;
    }

    private bool TryRead(out GuestImage? image)
    {
        image = null;
        if (!CheckHeader() || !TryReadSegments(out var segments)) return false;
        segments.Sort((a, b) => a.PhysicalAddress.CompareTo(b.PhysicalAddress));
        var alignment = GuestImage.PageSize;
        foreach (var segment in segments)
            alignment = Math.Max(alignment, segment.Alignment);

        // Code finds its data by pages (ADRP), so the image keeps its place within one: its base is aligned as it was linked.
        var linkedBase = segments[0].PhysicalAddress & ~(alignment - 1);
        if (!CheckPlaces(segments, linkedBase, out var needed) || !TryFindEntry(segments, linkedBase, out var entry)) return false;

        var placed = new GuestImageSegment[segments.Count];
        for (var i = 0; i < placed.Length; i++)
        {
            var segment = segments[i];
            placed[i] = new GuestImageSegment(segment.PhysicalAddress - linkedBase, _file.Slice((int)segment.FileOffset, (int)segment.FileSize), segment.MemorySize);
        }

        var movable = HalfWord(TypeAt) == TypeDynamic;
        image = new GuestImage(GuestImageKind.Elf, movable ? "position-independent AArch64 ELF" : "AArch64 ELF", placed, needed)
        {
            EntryOffset = entry,
            LinkedBase = movable ? null : linkedBase,
            Alignment = alignment,
        };
        return true;
    }

    private bool CheckHeader()
    {
        if (_bytes.Length > ClassAt && _bytes[ClassAt] != Class64)
            return Refuse(ImageErrorReason.WrongClass, ClassAt, _bytes[ClassAt] == 1 ? "not AArch64 code: the ELF file is of the 32-bit class" : $"the ELF file is of the unknown class {_bytes[ClassAt]}");
        if (_bytes.Length > DataAt && _bytes[DataAt] != LittleEndian)
            return Refuse(ImageErrorReason.WrongByteOrder, DataAt, "the ELF file is not little-endian");
        if (_bytes.Length < HeaderSize)
            return Refuse(ImageErrorReason.Truncated, (ulong)_bytes.Length, $"the ELF file ends within its header, after {_bytes.Length} of {HeaderSize} bytes");
        if (HalfWord(MachineAt) != MachineAArch64)
            return Refuse(ImageErrorReason.NotAArch64, MachineAt, $"not AArch64 code: the ELF file is for {MachineName(HalfWord(MachineAt))}");
        if (_bytes[IdentVersionAt] != CurrentVersion || Word(VersionAt) != CurrentVersion)
            return Refuse(ImageErrorReason.NotExecutable, _bytes[IdentVersionAt] != CurrentVersion ? (ulong)IdentVersionAt : VersionAt, "the ELF file is of an unknown version");
        if (HalfWord(TypeAt) is not (TypeExecutable or TypeDynamic))
            return Refuse(ImageErrorReason.NotExecutable, TypeAt, $"the ELF file is {TypeName(HalfWord(TypeAt))}, not an executable");
        return true;
    }

    private bool TryReadSegments(out List<Segment> segments)
    {
        segments = [];
        var count = HalfWord(ProgramHeaderCountAt);
        var table = LongWord(ProgramHeadersAt);
        if (count == 0)
            return Refuse(ImageErrorReason.NothingToLoad, ProgramHeaderCountAt, "the ELF file has no program headers");
        if (count == CountElsewhere)
            return Refuse(ImageErrorReason.BadHeader, ProgramHeaderCountAt, "the ELF file has 65535 program headers or more");
        if (HalfWord(ProgramHeaderSizeAt) != ProgramHeaderSize)
            return Refuse(ImageErrorReason.BadHeader, ProgramHeaderSizeAt, $"the ELF file's program headers have {HalfWord(ProgramHeaderSizeAt)} bytes each, not {ProgramHeaderSize}");
        if (table > (ulong)_bytes.Length || (ulong)count * ProgramHeaderSize > (ulong)_bytes.Length - table)
            return Refuse(ImageErrorReason.Truncated, (ulong)_bytes.Length, $"the ELF file ends before its {count} program headers at 0x{table:x} do");

        for (var i = 0; i < count; i++)
        {
            var at = (int)table + i * ProgramHeaderSize;
            switch (Word(at))
            {
                case Interpreter:
                    return Refuse(ImageErrorReason.NeedsInterpreter, (ulong)at, "the ELF file is a dynamically linked program for an operating system");
                case Load when LongWord(at + 40) != 0 || LongWord(at + 32) != 0:
                    var segment = new Segment((ulong)at, LongWord(at + 8), LongWord(at + 16), LongWord(at + 24), LongWord(at + 32), LongWord(at + 40), LongWord(at + 48));
                    if (!CheckSegment(segment, i)) return false;
                    segments.Add(segment);
                    break;
            }
        }

        return segments.Count != 0 || Refuse(ImageErrorReason.NothingToLoad, table, "the ELF file has no segment to load");
    }

    private bool CheckSegment(Segment segment, int index)
    {
        if (segment.FileSize > segment.MemorySize)
            return Refuse(ImageErrorReason.BadHeader, segment.HeaderAt + 32, $"segment {index} has 0x{segment.FileSize:x} bytes in the file but only 0x{segment.MemorySize:x} in memory");
        if (segment.FileOffset > (ulong)_bytes.Length || segment.FileSize > (ulong)_bytes.Length - segment.FileOffset)
            return Refuse(ImageErrorReason.Truncated, segment.HeaderAt + 8, $"segment {index} has 0x{segment.FileSize:x} bytes at 0x{segment.FileOffset:x}, past the end of the file at 0x{_bytes.Length:x}");
        if (segment.MemorySize > GuestImage.MaxNeededSize)
            return Refuse(ImageErrorReason.TooLarge, segment.HeaderAt + 40, $"segment {index} wants 0x{segment.MemorySize:x} bytes of memory, more than 4 GiB");
        if (segment.PhysicalAddress + segment.MemorySize < segment.PhysicalAddress || segment.VirtualAddress + segment.MemorySize < segment.VirtualAddress)
            return Refuse(ImageErrorReason.BadHeader, segment.HeaderAt + 24, $"segment {index} reaches past the end of the address space");
        if ((segment.Alignment & (segment.Alignment - 1)) != 0 || segment.Alignment > GuestImage.MaxNeededSize)
            return Refuse(ImageErrorReason.BadHeader, segment.HeaderAt + 48, $"segment {index} has alignment 0x{segment.Alignment:x}, which is no power of two up to 4 GiB");
        return true;
    }

    /// <summary>Overlaps and the distance from the base to the last byte; the segments are sorted.</summary>
    private bool CheckPlaces(List<Segment> segments, ulong linkedBase, out ulong needed)
    {
        needed = 0;
        foreach (var segment in segments)
        {
            var offset = segment.PhysicalAddress - linkedBase;
            if (offset < needed)
                return Refuse(ImageErrorReason.Overlap, segment.HeaderAt, $"the segment at address 0x{segment.PhysicalAddress:x} overlaps the one before it, which ends at 0x{linkedBase + needed:x}");
            if (offset > GuestImage.MaxNeededSize - segment.MemorySize)
                return Refuse(ImageErrorReason.TooLarge, segment.HeaderAt + 24, $"the segments reach from address 0x{linkedBase:x} to 0x{segment.PhysicalAddress + segment.MemorySize:x}, more than 4 GiB");
            needed = offset + segment.MemorySize;
        }

        return true;
    }

    /// <summary>e_entry is a virtual address; programs linked to run with the MMU off sometimes give a physical one.</summary>
    private bool TryFindEntry(List<Segment> segments, ulong linkedBase, out ulong offset)
    {
        var entry = LongWord(EntryAt);
        offset = 0;
        if (entry % sizeof(uint) != 0)
            return Refuse(ImageErrorReason.BadEntry, EntryAt, $"the entry point 0x{entry:x} is no multiple of 4");
        foreach (var segment in segments)
        {
            if (entry - segment.VirtualAddress >= segment.FileSize) continue;
            offset = entry - segment.VirtualAddress + segment.PhysicalAddress - linkedBase;
            return true;
        }

        foreach (var segment in segments)
        {
            if (entry - segment.PhysicalAddress >= segment.FileSize) continue;
            offset = entry - linkedBase;
            return true;
        }

        return Refuse(ImageErrorReason.BadEntry, EntryAt, $"the entry point 0x{entry:x} lies in no segment");
    }

    private static string MachineName(ushort machine) => machine switch
    {
        3 => "32-bit x86",
        8 => "MIPS",
        20 => "32-bit PowerPC",
        21 => "PowerPC",
        22 => "S/390",
        40 => "32-bit Arm",
        62 => "x86-64",
        243 => "RISC-V",
        258 => "LoongArch",
        _ => $"machine number {machine}",
    };

    private static string TypeName(ushort type) => type switch
    {
        0 => "of no type",
        1 => "an object file",
        4 => "a core dump",
        _ => $"of the unknown type {type}",
    };

    private readonly ushort HalfWord(int at) => BinaryPrimitives.ReadUInt16LittleEndian(_bytes[at..]);

    private readonly uint Word(int at) => BinaryPrimitives.ReadUInt32LittleEndian(_bytes[at..]);

    private readonly ulong LongWord(int at) => BinaryPrimitives.ReadUInt64LittleEndian(_bytes[at..]);

    private bool Refuse(ImageErrorReason reason, ulong offset, string message)
    {
        _error = new ImageError(reason, offset, message);
        return false;
    }
}
