using System.Buffers.Binary;
using System.Text;
using FsCheck.Xunit;
using RmStack.Machine.Images;
using RmStack.Testing;

namespace RmStack.Machine.Tests.Images;

/// <summary>Files that are no guest images: each refused for its own reason, in words that say which.</summary>
public class ImageRefusalTests
{
    private const int EntryAt = 24, HeadersAt = 32;

    [Theory]
    [InlineData(4, (byte)1, ImageErrorReason.WrongClass, "32-bit class")]
    [InlineData(4, (byte)7, ImageErrorReason.WrongClass, "unknown class 7")]
    [InlineData(5, (byte)2, ImageErrorReason.WrongByteOrder, "little-endian")]
    [InlineData(6, (byte)2, ImageErrorReason.NotExecutable, "version")]
    [InlineData(16, (byte)1, ImageErrorReason.NotExecutable, "an object file")]
    [InlineData(16, (byte)4, ImageErrorReason.NotExecutable, "a core dump")]
    [InlineData(18, (byte)62, ImageErrorReason.NotAArch64, "x86-64")]
    [InlineData(18, (byte)40, ImageErrorReason.NotAArch64, "32-bit Arm")]
    [InlineData(18, (byte)99, ImageErrorReason.NotAArch64, "machine number 99")]
    [InlineData(20, (byte)2, ImageErrorReason.NotExecutable, "version")]
    [InlineData(24, (byte)2, ImageErrorReason.BadEntry, "multiple of 4")]
    [InlineData(24, (byte)16, ImageErrorReason.BadEntry, "lies in no segment")]
    [InlineData(54, (byte)32, ImageErrorReason.BadHeader, "32 bytes each")]
    [InlineData(56, (byte)0, ImageErrorReason.NothingToLoad, "no program headers")]
    [InlineData(56, (byte)9, ImageErrorReason.Truncated, "9 program headers")]
    public void An_elf_header_that_is_wrong_in_one_byte_says_which(int at, byte value, ImageErrorReason reason, string says)
    {
        var file = Elf();
        file[at] = value;
        AssertRefused(file, reason, (ulong)at, says, exactOffset: reason != ImageErrorReason.Truncated);
    }

    [Theory]
    [InlineData(HeadersAt, 0xffff_ffff_ffff_fff0ul, ImageErrorReason.Truncated, "program headers")]
    [InlineData(EntryAt, 0xffff_ffff_ffff_fffcul, ImageErrorReason.BadEntry, "lies in no segment")]
    public void An_elf_header_of_extremes_is_refused(int at, ulong value, ImageErrorReason reason, string says)
    {
        var file = Elf();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
        AssertRefused(file, reason, (ulong)at, says, exactOffset: reason != ImageErrorReason.Truncated);
    }

    [Theory]
    [InlineData(ElfFile.FileOffset, 0xffff_ffff_ffff_fffful, ImageErrorReason.Truncated, "past the end of the file")]
    [InlineData(ElfFile.FileSize, 0x1000ul, ImageErrorReason.Truncated, "past the end of the file")]
    [InlineData(ElfFile.FileSize, 0x1001ul, ImageErrorReason.BadHeader, "only 0x1000 in memory")]
    [InlineData(ElfFile.MemorySize, 0x1_0000_0001ul, ImageErrorReason.TooLarge, "more than 4 GiB")]
    [InlineData(ElfFile.PhysicalAddress, 0xffff_ffff_ffff_f800ul, ImageErrorReason.BadHeader, "address space")]
    [InlineData(ElfFile.VirtualAddress, 0xffff_ffff_ffff_f800ul, ImageErrorReason.BadHeader, "address space")]
    [InlineData(ElfFile.PhysicalAddress, 0x1_4000_0000ul, ImageErrorReason.TooLarge, "reach from")]
    [InlineData(ElfFile.PhysicalAddress, 0x4000_0800ul, ImageErrorReason.Overlap, "overlaps")]
    [InlineData(ElfFile.Alignment, 3ul, ImageErrorReason.BadHeader, "power of two")]
    [InlineData(ElfFile.Alignment, 0x8000_0000_0000_0000ul, ImageErrorReason.BadHeader, "power of two")]
    public void A_segment_that_cannot_be_is_refused_by_name(int field, ulong value, ImageErrorReason reason, string says)
    {
        var file = Elf();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(ElfFile.At(1, field)), value);
        AssertRefused(file, reason, 0, says, exactOffset: false);
    }

    [Fact]
    public void An_elf_for_an_operating_system_or_with_nothing_to_load_is_refused()
    {
        var file = Elf();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(ElfFile.At(1, ElfFile.Type)), 3);
        AssertRefused(file, ImageErrorReason.NeedsInterpreter, (ulong)ElfFile.At(1, 0), "dynamically linked", exactOffset: true);
        file = Elf();
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(ElfFile.At(0, ElfFile.Type)), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(ElfFile.At(1, ElfFile.Type)), 4);
        AssertRefused(file, ImageErrorReason.NothingToLoad, HeadersAt, "no segment", exactOffset: false);
        file = Elf();
        BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(56), 0xffff);
        AssertRefused(file, ImageErrorReason.BadHeader, 56, "65535", exactOffset: true);
    }

    [Theory]
    [InlineData("#!/bin/sh\n", "a script")]
    [InlineData("\x1f\x8b\x08\0\0\0", "gzip")]
    [InlineData("\u00fd7zXZ\0", "xz")]
    [InlineData("MZ\x90\0", "PE program")]
    [InlineData("MZ\0\0zimg", "compressed EFI kernel")]
    [InlineData("\xd0\x0d\xfe\xed", "device tree blob")]
    [InlineData("070701", "cpio")]
    [InlineData("PK\x03\x04", "zip")]
    [InlineData("ANDROID!", "Android boot image")]
    public void A_file_that_is_plainly_something_else_is_not_entered_as_code(string begins, string says)
    {
        var file = new byte[1024];
        Encoding.Latin1.GetBytes(begins, file);
        AssertRefused(file, ImageErrorReason.NotAArch64, 0, "not AArch64 code: the file is", exactOffset: false);
        AssertRefused(file, ImageErrorReason.NotAArch64, 0, says, exactOffset: false);
    }

    [Fact]
    public void The_program_that_runs_this_test_is_refused_on_any_machine()
    {
        var file = File.ReadAllBytes(Environment.ProcessPath!);
        Assert.False(GuestImage.TryRead(file, out _, out var error));
        Assert.NotEqual(ImageErrorReason.None, error.Reason);
        Assert.NotEmpty(error.Message);
    }

    [Fact]
    public void A_file_shorter_than_an_instruction_is_too_small()
    {
        for (var length = 0; length < 4; length++)
            AssertRefused(new byte[length], ImageErrorReason.TooSmall, 0, $"{length} bytes", exactOffset: true);
    }

    [Fact]
    public void A_linux_image_that_cannot_be_is_refused()
    {
        var file = GuestImageTests.LinuxHeader();
        file[24] |= 1;
        AssertRefused(file, ImageErrorReason.WrongByteOrder, 24, "big-endian", exactOffset: true);
        file = GuestImageTests.LinuxHeader();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(8), 0x20_0000);
        AssertRefused(file, ImageErrorReason.BadHeader, 8, "text_offset", exactOffset: true);
        file = GuestImageTests.LinuxHeader();
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(16), ulong.MaxValue);
        AssertRefused(file, ImageErrorReason.TooLarge, 16, "image_size", exactOffset: true);
    }

    [Fact]
    public void An_elf_cut_off_at_any_length_is_refused()
    {
        foreach (var whole in (byte[][])[Elf(), Repository.Read("guests", "hello", "hello.elf")])
        {
            // Past the last segment's bytes come only section names, which nothing needs.
            var end = whole.Length;
            while (GuestImage.TryRead(whole.AsMemory(0, end - 1), out _, out _))
                end--;
            Assert.True(end > ElfFile.HeadersAt);
            for (var length = 4; length < end; length++)
                Assert.False(GuestImage.TryRead(whole.AsMemory(0, length), out _, out _), $"cut off at {length}");
        }
    }

    [Property(MaxTest = 200)]
    public void Whatever_a_file_holds_it_is_refused_or_all_of_it_lies_where_it_says(int seed, byte[] noise)
    {
        var random = new Random(seed);
        ReadOnlySpan<ulong> extremes = [0, 1, 0x7fff_ffff, 0xffff_ffff, 0x1_0000_0000, 0x7fff_ffff_ffff_ffff, 0xffff_ffff_ffff_f000, ulong.MaxValue];
        for (var i = 0; i < 50; i++)
        {
            var file = random.Next(3) switch { 0 => Elf(), 1 => GuestImageTests.LinuxHeader(), _ => [.. "\x7f"u8, .. "ELF"u8, 2, 1, 1, .. noise] };
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                var at = random.Next(file.Length);
                if (random.Next(2) == 0)
                    file[at] = (byte)random.Next(256);
                else if ((at &= ~7) + 8 <= file.Length)
                    BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), extremes[random.Next(extremes.Length)]);
            }

            if (!GuestImage.TryRead(file, out var image, out var error))
            {
                Assert.NotEqual(ImageErrorReason.None, error.Reason);
                Assert.NotEmpty(error.Message);
                continue;
            }

            Assert.InRange(image!.NeededSize, 1ul, GuestImage.MaxNeededSize);
            Assert.InRange(image.EntryOffset, 0ul, image.NeededSize - 1);
            var end = 0ul;
            foreach (var segment in image.Segments)
            {
                Assert.InRange(segment.Offset, end, image.NeededSize);
                Assert.InRange((ulong)segment.Bytes.Length, 0ul, segment.MemorySize);
                end = segment.Offset + segment.MemorySize;
            }

            Assert.Equal(image.NeededSize, end);
        }
    }

    private static byte[] Elf() =>
        new ElfFile { Entry = 0x4000_0000 }.Add(0x4000_0000, new byte[16], 0x1000).Add(0x4000_1000, [1, 2, 3, 4], 0x1000).ToArray();

    private static void AssertRefused(byte[] file, ImageErrorReason reason, ulong offset, string says, bool exactOffset)
    {
        Assert.False(GuestImage.TryRead(file, out var image, out var error));
        Assert.Null(image);
        Assert.Equal(reason, error.Reason);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        if (exactOffset) Assert.Equal(offset, error.Offset);
    }
}
