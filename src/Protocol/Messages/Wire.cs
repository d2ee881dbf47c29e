using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RmStack.Protocol.Messages;

/// <summary>Little-endian fields at named offsets of a payload or list entry whose length is proved.</summary>
internal static class Wire
{
    /// <summary>Size of the count word in front of a list, bytes.</summary>
    public const int CountSize = 4;

    public static ushort U16(ReadOnlySpan<byte> entry, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(entry[offset..]);

    public static uint U32(ReadOnlySpan<byte> entry, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(entry[offset..]);

    public static ulong U64(ReadOnlySpan<byte> entry, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(entry[offset..]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte U8(in WireBytes payload, int offset) => payload[offset];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort U16(in WireBytes payload, int offset) => payload.U16(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint U32(in WireBytes payload, int offset) => payload.U32(offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong U64(in WireBytes payload, int offset) => payload.U64(offset);

    /// <summary>Length of a string with its zero padding, bytes.</summary>
    public static int Padded(int length) => (length + 3) & ~3;
}
