namespace RmStack.Machine.Images;

/// <summary>What kind of file a guest's software came in.</summary>
public enum GuestImageKind
{
    /// <summary>Code without a container, entered at its first byte.</summary>
    Flat = 0,

    /// <summary>An arm64 Linux <c>Image</c>, or another program that carries its 64-byte header (Linux: Documentation/arch/arm64/booting).</summary>
    LinuxImage,

    /// <summary>An ELF64 little-endian AArch64 program.</summary>
    Elf,
}
