using System.Buffers.Binary;

namespace RmStack.Cli.Bench.Workloads;

/// <summary>The first eight bytes of what is sent over raw sockets: how many datagrams it has, and what is to come back.</summary>
/// <param name="Datagrams">Datagrams, this one included.</param>
/// <param name="Replies">Datagrams to be sent back.</param>
/// <param name="ReplySize">Bytes of each.</param>
internal readonly record struct RawMessage(ushort Datagrams, ushort Replies, ushort ReplySize)
{
    public static RawMessage Read(ReadOnlySpan<byte> from) => new(
        BinaryPrimitives.ReadUInt16LittleEndian(from),
        BinaryPrimitives.ReadUInt16LittleEndian(from[2..]),
        BinaryPrimitives.ReadUInt16LittleEndian(from[4..]));

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(to, Datagrams);
        BinaryPrimitives.WriteUInt16LittleEndian(to[2..], Replies);
        BinaryPrimitives.WriteUInt16LittleEndian(to[4..], ReplySize);
    }
}
