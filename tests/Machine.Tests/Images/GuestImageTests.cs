using System.Buffers.Binary;
using RmStack.Machine.Images;
using RmStack.Machine.Tests.Guests;
using RmStack.Testing;

namespace RmStack.Machine.Tests.Images;

/// <summary>Files that are guest images, and where their parts go.</summary>
public class GuestImageTests
{
    [Fact]
    public void A_file_without_a_container_is_flat()
    {
        byte[] file = [0, 0, 0, 0x14, 1];
        var image = Read(file);
        Assert.Equal(GuestImageKind.Flat, image.Kind);
        Assert.Equal("flat binary", image.Name);
        Assert.Equal((0ul, 5ul, 4096ul, (ulong?)null), (image.EntryOffset, image.NeededSize, image.Alignment, image.LinkedBase));
        var segment = Assert.Single(image.Segments);
        Assert.Equal((0ul, 5ul), (segment.Offset, segment.MemorySize));
        Assert.Equal(file, segment.Bytes.ToArray());
    }

    [Fact]
    public void Hello_is_a_linux_image_by_its_header()
    {
        var file = Repository.Read("guests", "hello", "hello.bin");
        var image = Read(file);
        Assert.Equal(GuestImageKind.LinuxImage, image.Kind);
        Assert.Equal(BinaryPrimitives.ReadUInt64LittleEndian(file.AsSpan(16)), image.NeededSize);
        Assert.Equal((0ul, 0ul, 0x20_0000ul), (image.EntryOffset, image.TextOffset, image.Alignment));
        Assert.Equal(file.Length, Assert.Single(image.Segments).Bytes.Length);
    }

    [Fact]
    public void The_elf_of_hello_lays_out_the_memory_that_the_linux_image_does()
    {
        var flat = Read(Repository.Read("guests", "hello", "hello.bin"));
        var elf = Read(Repository.Read("guests", "hello", "hello.elf"));
        Assert.Equal((GuestImageKind.Elf, 0ul, 2, 0ul), (elf.Kind, elf.EntryOffset, elf.Segments.Count, elf.LinkedBase!.Value));
        Assert.Equal(flat.NeededSize, elf.NeededSize);
        var (expected, actual) = (Dirty(), Dirty());
        Assert.True(flat.TryCopyTo(expected));
        Assert.True(elf.TryCopyTo(actual));
        Assert.True(expected.AsSpan().SequenceEqual(actual));
        Assert.Equal(0, actual[flat.NeededSize - 1]);
        Assert.Equal(0xaa, actual[flat.NeededSize]);
        Assert.False(elf.TryCopyTo(actual.AsSpan(0, (int)elf.NeededSize - 1)));

        static byte[] Dirty()
        {
            var memory = new byte[0x4000];
            Array.Fill(memory, (byte)0xaa);
            return memory;
        }
    }

    [Fact]
    public void What_the_linker_makes_by_default_is_read_with_its_address_and_with_pie_without()
    {
        var source = Repository.PathOf("guests", "wfi", "wfi.S");
        var linked = Read(Assembler.Elf(source, "-Ttext=0x80001230"));
        Assert.Equal(0x8000_1230ul, linked.LinkedBase + linked.EntryOffset);
        Assert.Equal(0ul, linked.LinkedBase! % linked.Alignment);
        var code = linked.Segments.Single(segment => linked.EntryOffset - segment.Offset < segment.MemorySize);
        var expected = Repository.Read("guests", "wfi", "wfi.bin");
        Assert.Equal(expected, code.Bytes.Slice((int)(linked.EntryOffset - code.Offset), expected.Length).ToArray());

        var movable = Read(Assembler.Elf(source, "-pie", "--no-dynamic-linker"));
        Assert.Null(movable.LinkedBase);
        Assert.Equal("position-independent AArch64 ELF", movable.Name);
    }

    [Fact]
    public void Segments_are_placed_by_physical_address_and_the_entry_is_translated()
    {
        var file = new ElfFile { Entry = 0xffff_8000_0001_0004 }
            .Add(0x4200_0000, [1, 2, 3], 0x10)
            .Add(0x4100_0800, new byte[8], 0x1000)
            .Add(0x4300_0000, [], 0)
            .ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(ElfFile.At(1, ElfFile.VirtualAddress)), 0xffff_8000_0001_0000);
        var image = Read(file);
        Assert.Equal(0x4100_0000ul, image.LinkedBase);
        Assert.Equal(0x804ul, image.EntryOffset);
        Assert.Equal(0x100_0010ul, image.NeededSize);
        Assert.Equal("800+1000 1000000+10", string.Join(' ', image.Segments.Select(segment => $"{segment.Offset:x}+{segment.MemorySize:x}")));
    }

    [Fact]
    public void A_physical_entry_is_taken_when_no_segment_has_it_as_a_virtual_one()
    {
        var file = new ElfFile { Entry = 0x4000_0004 }.Add(0x4000_0000, new byte[8], 8).ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(ElfFile.At(0, ElfFile.VirtualAddress)), 0xffff_8000_0000_0000);
        Assert.Equal(4ul, Read(file).EntryOffset);
    }

    [Fact]
    public void A_kernel_from_before_image_size_needs_its_file_and_its_old_place()
    {
        var file = LinuxHeader();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(16), 0);
        var image = Read(file);
        Assert.Equal((0x8_0000ul, (ulong)file.Length), (image.TextOffset, image.NeededSize));
    }

    internal static byte[] LinuxHeader()
    {
        var file = new byte[128];
        BinaryPrimitives.WriteUInt32LittleEndian(file, 0xfa40_5a4d);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(16), 0x1aa_0000);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), 0xa);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(56), 0x644d_5241);
        return file;
    }

    private static GuestImage Read(byte[] file)
    {
        Assert.True(GuestImage.TryRead(file, out var image, out var error), error.Message);
        Assert.Equal(default, error);
        return image!;
    }
}
