using RmStack.Protocol.Messages;

namespace RmStack.Protocol;

/// <summary>Adds a payload's fields to a line; on failure says where the bytes went wrong.</summary>
internal delegate DecodeStatus PayloadDescriber(ReadOnlySpan<byte> payload, MessageText text, out int position);

/// <summary>Shape of one payload.</summary>
public sealed class PayloadInfo
{
    private readonly PayloadDescriber _describe;

    internal PayloadInfo(int min, int max, string layout, string view, PayloadDescriber describe)
    {
        MinLength = min;
        MaxLength = max;
        Layout = layout;
        ViewName = view;
        _describe = describe;
    }

    /// <summary>No shorter payload is taken, bytes.</summary>
    public int MinLength { get; }

    /// <summary>No longer payload is taken, bytes.</summary>
    public int MaxLength { get; }

    /// <summary>Fields in wire order.</summary>
    public string Layout { get; }

    /// <summary>Type that reads it.</summary>
    public string ViewName { get; }

    /// <summary>Whether every payload has the same length.</summary>
    public bool IsFixed => MinLength == MaxLength;

    /// <summary>
    /// Checks a payload with its view and adds its fields to a line. On failure <paramref name="position"/> is the offset, in bytes, where it
    /// went wrong.
    /// </summary>
    public DecodeStatus Describe(ReadOnlySpan<byte> payload, MessageText text, out int position) => _describe(payload, text, out position);
}
