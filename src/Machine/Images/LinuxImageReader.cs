using System.Buffers.Binary;

namespace RmStack.Machine.Images;

/// <summary>Reads the 64-byte header of an arm64 Linux Image (Linux: Documentation/arch/arm64/booting). All words are little-endian.</summary>
internal static class LinuxImageReader
{
    private const int HeaderSize = 64;
    private const int TextOffsetAt = 8;
    private const int ImageSizeAt = 16;
    private const int FlagsAt = 24;
    private const int MagicAt = 56;

    /// <summary>"ARM\x64".</summary>
    private const uint Magic = 0x644d_5241;

    private const ulong BigEndian = 1;
    private const ulong BaseAlignment = 2ul << 20;

    /// <summary>Where a kernel from before 3.17, which leaves image_size 0, is put whatever its text_offset says.</summary>
    private const ulong OldTextOffset = 0x8_0000;

    public static bool Recognises(ReadOnlySpan<byte> file) =>
        file.Length >= HeaderSize && BinaryPrimitives.ReadUInt32LittleEndian(file[MagicAt..]) == Magic;

    public static bool TryRead(ReadOnlyMemory<byte> file, out GuestImage? image, out ImageError error)
    {
        image = null;
        error = default;
        var bytes = file.Span;
        var flags = BinaryPrimitives.ReadUInt64LittleEndian(bytes[FlagsAt..]);
        var textOffset = BinaryPrimitives.ReadUInt64LittleEndian(bytes[TextOffsetAt..]);
        var imageSize = BinaryPrimitives.ReadUInt64LittleEndian(bytes[ImageSizeAt..]);
        if ((flags & BigEndian) != 0)
        {
            error = new ImageError(ImageErrorReason.WrongByteOrder, FlagsAt, "the Linux Image is a big-endian kernel");
            return false;
        }

        if (imageSize == 0) textOffset = OldTextOffset;
        if (textOffset >= BaseAlignment || textOffset % 4096 != 0)
        {
            error = new ImageError(ImageErrorReason.BadHeader, TextOffsetAt, $"the Linux Image has text_offset 0x{textOffset:x}, which is no multiple of 4096 below 2 MiB");
            return false;
        }

        if (imageSize > GuestImage.MaxNeededSize)
        {
            error = new ImageError(ImageErrorReason.TooLarge, ImageSizeAt, $"the Linux Image has image_size 0x{imageSize:x}, more than 4 GiB");
            return false;
        }

        // Signatures may follow the image in the file, so the larger of the two is what is placed.
        var needed = Math.Max(imageSize, (ulong)file.Length);
        image = new GuestImage(GuestImageKind.LinuxImage, "arm64 Linux Image", [new GuestImageSegment(0, file, needed)], needed)
        {
            TextOffset = textOffset,
            Alignment = BaseAlignment,
        };
        return true;
    }
}
