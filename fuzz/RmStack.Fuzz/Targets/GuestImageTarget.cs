using RmStack.Machine.Images;

namespace RmStack.Fuzz.Targets;

/// <summary>A guest image from a user: refused with one line, or segments that lie inside the file and the size it needs.</summary>
public sealed class GuestImageTarget : IFuzzTarget
{
    public string Name => "guest-image";

    public IReadOnlyList<byte[]> Seeds { get; } = [[0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, .. new byte[57 + 56]], new byte[64]];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!GuestImage.TryRead(input.ToArray(), out var image, out var error))
        {
            FuzzFindingException.Require(!error.Message.Contains('\n', StringComparison.Ordinal), "a refusal is one line");
            return;
        }

        foreach (var segment in image!.Segments)
            FuzzFindingException.Require((ulong)segment.Bytes.Length <= segment.MemorySize && segment.Offset + segment.MemorySize <= image.NeededSize, "a segment fits the image");
    }
}
