using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>Little-endian fields at named offsets of a payload or list entry whose length is proved.</summary>
internal static class Wire
{
    /// <summary>Size of the count word in front of a list, bytes.</summary>
    public const int CountSize = 4;

    public static ushort U16(ReadOnlySpan<byte> entry, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(entry[offset..]);

    public static uint U32(ReadOnlySpan<byte> entry, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(entry[offset..]);

    public static ulong U64(ReadOnlySpan<byte> entry, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(entry[offset..]);

    public static byte U8(WireBytes payload, int offset) => payload[offset];

    public static ushort U16(WireBytes payload, int offset) => payload.U16(offset);

    public static uint U32(WireBytes payload, int offset) => payload.U32(offset);

    public static ulong U64(WireBytes payload, int offset) => payload.U64(offset);

    /// <summary>Length of a string with its zero padding, bytes.</summary>
    public static int Padded(int length) => (length + 3) & ~3;
}
