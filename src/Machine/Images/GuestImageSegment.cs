namespace RmStack.Machine.Images;

/// <summary>A piece of a guest's software in memory.</summary>
/// <param name="Offset">Bytes from the image's base to the segment.</param>
/// <param name="Bytes">What the file gives for its beginning.</param>
/// <param name="MemorySize">Bytes in memory, no less than the file gives; the rest is zero.</param>
public readonly record struct GuestImageSegment(ulong Offset, ReadOnlyMemory<byte> Bytes, ulong MemorySize);
