using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>Little-endian fields at named offsets of a payload whose length is proved.</summary>
internal static class Wire
{
    /// <summary>Size of the count word in front of a list, bytes.</summary>
    public const int CountSize = 4;

    public static byte U8(ReadOnlySpan<byte> payload, int offset) => payload[offset];

    public static ushort U16(ReadOnlySpan<byte> payload, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(payload[offset..]);

    public static uint U32(ReadOnlySpan<byte> payload, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(payload[offset..]);

    public static ulong U64(ReadOnlySpan<byte> payload, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(payload[offset..]);

    /// <summary>Length of a string with its zero padding, bytes.</summary>
    public static int Padded(int length) => (length + 3) & ~3;
}
