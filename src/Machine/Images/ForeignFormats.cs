namespace RmStack.Machine.Images;

/// <summary>
/// Files that begin like nothing an AArch64 processor executes. Entered as a flat binary they would fault at once, far
/// from the mistake; here the mistake has a name.
/// </summary>
internal static class ForeignFormats
{
    private readonly record struct Format(int Offset, byte[] Magic, string Message);

    private static readonly Format[] Formats =
    [
        new(0, [0x1f, 0x8b], "the file is gzip-compressed: decompress it first"),
        new(0, [.. "BZh"u8], "the file is bzip2-compressed: decompress it first"),
        new(0, [0xfd, .. "7zXZ"u8, 0], "the file is xz-compressed: decompress it first"),
        new(0, [0x28, 0xb5, 0x2f, 0xfd], "the file is zstd-compressed: decompress it first"),
        new(0, [0x02, 0x21, 0x4c, 0x18], "the file is lz4-compressed: decompress it first"),
        new(0, [0x04, 0x22, 0x4d, 0x18], "the file is lz4-compressed: decompress it first"),
        new(0, [0x5d, 0, 0], "the file is lzma-compressed: decompress it first"),
        new(0, [.. "#!"u8], "the file is a script"),
        new(0, [.. "PK"u8, 3, 4], "the file is a zip archive"),
        new(0, [.. "!<arch>\n"u8], "the file is a static library"),
        new(0, [.. "070701"u8], "the file is a cpio archive, perhaps an initial RAM disk"),
        new(0, [.. "ANDROID!"u8], "the file is an Android boot image: take the kernel out of it"),
        new(0, [0x27, 0x05, 0x19, 0x56], "the file is a U-Boot image: take the kernel out of it"),
        new(0, [0xd0, 0x0d, 0xfe, 0xed], "the file is a device tree blob"),
        new(0, [.. "/dts-v1/"u8], "the file is device tree source"),
        new(0, [0xcf, 0xfa, 0xed, 0xfe], "the file is a Mach-O program"),
        new(0, [.. "\0asm"u8], "the file is WebAssembly"),
        new(0x24, [0x18, 0x28, 0x6f, 0x01], "the file is a 32-bit Arm Linux zImage"),
        new(0x202, [.. "HdrS"u8], "the file is an x86 Linux kernel"),
        new(4, [.. "zimg"u8], "the file is a compressed EFI kernel: decompress it first"),
        new(0, [.. "MZ"u8], "the file is a PE program without an arm64 Linux Image header"),
    ];

    public static bool Recognises(ReadOnlySpan<byte> file, out ImageError error)
    {
        foreach (var format in Formats)
        {
            if (file.Length < format.Offset || !file[format.Offset..].StartsWith(format.Magic)) continue;
            error = new ImageError(ImageErrorReason.NotAArch64, (ulong)format.Offset, $"not AArch64 code: {format.Message}");
            return true;
        }

        error = default;
        return false;
    }
}
