namespace RmStack.Machine.Images;

/// <summary>
/// A guest's software as read from a file: segments to place in memory relative to a base, and where to enter. The file
/// may be anyone's; its segments refer into it, nothing is copied.
/// </summary>
public sealed class GuestImage
{
    /// <summary>Bytes of the largest memory that an image may ask for (4 GiB).</summary>
    public const ulong MaxNeededSize = 4ul << 30;

    internal const ulong PageSize = 4096;

    internal GuestImage(GuestImageKind kind, string name, IReadOnlyList<GuestImageSegment> segments, ulong neededSize)
    {
        Kind = kind;
        Name = name;
        Segments = segments;
        NeededSize = neededSize;
    }

    /// <summary>What the file is.</summary>
    public GuestImageKind Kind { get; }

    /// <summary>What the file is, in a few words for people.</summary>
    public string Name { get; }

    /// <summary>What to place in memory: at least one segment, by ascending offset, without overlap.</summary>
    public IReadOnlyList<GuestImageSegment> Segments { get; }

    /// <summary>Bytes from the image's base to its entry point.</summary>
    public ulong EntryOffset { get; internal init; }

    /// <summary>Bytes from the image's base that must be the image's own RAM, what it zeroes itself included.</summary>
    public ulong NeededSize { get; }

    /// <summary>
    /// Physical address of the base that the program was linked for; null when it runs anywhere that
    /// <see cref="Alignment"/> allows. A program linked for 0 that is no position-independent ELF says 0 here, and often
    /// runs anywhere all the same.
    /// </summary>
    public ulong? LinkedBase { get; internal init; }

    /// <summary>The base is this many bytes past a multiple of <see cref="Alignment"/> (text_offset of a Linux Image).</summary>
    public ulong TextOffset { get; internal init; }

    /// <summary>Bytes, a power of two: 2 MiB for a Linux Image, 4 KiB otherwise, or more when an ELF segment says so.</summary>
    public ulong Alignment { get; internal init; } = PageSize;

    /// <summary>
    /// Reads a file. Whatever its bytes are, this returns; the work and memory are bounded by the number of segments an
    /// ELF header can count.
    /// </summary>
    /// <param name="file">The whole file.</param>
    /// <param name="image">The image, when this returns true.</param>
    /// <param name="error">Why there is none, when this returns false.</param>
    public static bool TryRead(ReadOnlyMemory<byte> file, out GuestImage? image, out ImageError error)
    {
        image = null;
        if (ElfImageReader.Recognises(file.Span)) return ElfImageReader.TryRead(file, out image, out error);
        if (LinuxImageReader.Recognises(file.Span)) return LinuxImageReader.TryRead(file, out image, out error);
        if (ForeignFormats.Recognises(file.Span, out error)) return false;
        if (file.Length < sizeof(uint))
        {
            error = new ImageError(ImageErrorReason.TooSmall, 0, $"the file has {file.Length} bytes, less than one instruction");
            return false;
        }

        image = new GuestImage(GuestImageKind.Flat, "flat binary", [new GuestImageSegment(0, file, (ulong)file.Length)], (ulong)file.Length);
        return true;
    }

    /// <summary>Places the image at the start of a guest's memory and zeroes the rest of what it needs. False when that is too little.</summary>
    public bool TryCopyTo(Span<byte> memory)
    {
        if (NeededSize > (ulong)memory.Length) return false;
        memory[..(int)NeededSize].Clear();
        foreach (var segment in Segments)
            segment.Bytes.Span.CopyTo(memory[(int)segment.Offset..]);
        return true;
    }
}
