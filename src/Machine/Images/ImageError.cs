namespace RmStack.Machine.Images;

/// <summary>Why a file is no guest image.</summary>
public enum ImageErrorReason
{
    /// <summary>It is one.</summary>
    None = 0,

    /// <summary>Shorter than one instruction.</summary>
    TooSmall,

    /// <summary>Recognisably something that an AArch64 processor cannot execute: an archive, a script, another machine's code.</summary>
    NotAArch64,

    /// <summary>ELF of the 32-bit class.</summary>
    WrongClass,

    /// <summary>Big-endian data.</summary>
    WrongByteOrder,

    /// <summary>ELF that is no executable: an object file, a core dump, an unknown type or version.</summary>
    NotExecutable,

    /// <summary>ELF that asks for a dynamic linker, so a program for an operating system.</summary>
    NeedsInterpreter,

    /// <summary>A header or a segment reaches past the end of the file.</summary>
    Truncated,

    /// <summary>A header contradicts itself: sizes, counts or alignments that cannot be.</summary>
    BadHeader,

    /// <summary>ELF without anything to load.</summary>
    NothingToLoad,

    /// <summary>Two segments want the same memory.</summary>
    Overlap,

    /// <summary>The entry point lies in no segment's file bytes or is no multiple of 4.</summary>
    BadEntry,

    /// <summary>More memory than <see cref="GuestImage.MaxNeededSize"/>.</summary>
    TooLarge,
}

/// <summary>Why a file is no guest image, and where that shows.</summary>
/// <param name="Reason">The kind of fault.</param>
/// <param name="Offset">The byte of the file at fault.</param>
/// <param name="Message">One line for people, without a final stop.</param>
public readonly record struct ImageError(ImageErrorReason Reason, ulong Offset, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message ?? "";
}
