using System.Buffers.Binary;
using System.Diagnostics;

namespace RmStack.Protocol;

/// <summary>The 8 bytes in front of every packet. RM: rm-rpc.h; Linux: struct gunyah_rm_rpc_hdr.</summary>
/// <remarks>
/// <code>
/// byte 0   bits 3..0 API version = 1, bits 7..4 header size in 32-bit words = 2 (so 0x21)
/// byte 1   bits 1..0 message type, bits 7..2 number of continuation packets
/// byte 2-3 sequence id   byte 4-7 message id   (little-endian)
/// </code>
/// Fragments, sequence id and message id are the same in every packet of one message.
/// </remarks>
public readonly record struct RpcHeader
{
    /// <summary>The only value of byte 0 on a healthy link.</summary>
    public const byte ApiByte = (HeaderWords << 4) | ApiVersion;

    private const int ApiVersion = 1;
    private const int HeaderWords = RpcLimits.HeaderSize / 4;
    private const int ApiOffset = 0;
    private const int TypeOffset = 1;
    private const int SequenceOffset = 2;
    private const int IdOffset = 4;

    /// <summary>A header as it would be written; <paramref name="fragments"/> counts the packets after the first.</summary>
    public RpcHeader(RpcMessageType type, byte fragments, ushort sequenceId, MessageId id)
    {
        Debug.Assert(fragments <= RpcLimits.FragmentsFieldMax, "the fragments field has 6 bits");
        Type = type;
        Fragments = fragments;
        SequenceId = sequenceId;
        Id = id;
    }

    /// <summary>Kind of packet.</summary>
    public RpcMessageType Type { get; }

    /// <summary>Continuation packets that the whole message has after its first packet (not a countdown).</summary>
    public byte Fragments { get; }

    /// <summary>Chosen by the requester, echoed in the reply; meaningless in notifications.</summary>
    public ushort SequenceId { get; }

    /// <summary>Request id (echoed in the reply) or notification id.</summary>
    public MessageId Id { get; }

    /// <summary>
    /// Reads and checks a header in the order in which the RM checks: size, version, words, fragment count. Whenever 8 bytes are
    /// there, <paramref name="header"/> is filled even if the status is not Ok, for receivers that are less strict.
    /// </summary>
    public static DecodeStatus TryRead(ReadOnlySpan<byte> packet, out RpcHeader header)
    {
        if (packet.Length < RpcLimits.HeaderSize)
        {
            header = default;
            return DecodeStatus.TooShort;
        }

        header = Read(packet);
        return CheckApi(packet[ApiOffset]) is var status and not DecodeStatus.Ok ? status
            : header.Fragments > RpcLimits.MaxFragments ? DecodeStatus.BadFragmentCount
            : DecodeStatus.Ok;
    }

    /// <summary>Writes the 8 header bytes to the start of <paramref name="packet"/>.</summary>
    public void Write(Span<byte> packet)
    {
        packet[ApiOffset] = ApiByte;
        packet[TypeOffset] = (byte)((Fragments << 2) | (byte)Type);
        BinaryPrimitives.WriteUInt16LittleEndian(packet[SequenceOffset..], SequenceId);
        BinaryPrimitives.WriteUInt32LittleEndian(packet[IdOffset..], Id.Value);
    }

    /// <summary>Splits 8 bytes into fields without judging any of them.</summary>
    public static RpcHeader Read(ReadOnlySpan<byte> packet) => new(
        (RpcMessageType)(packet[TypeOffset] & 3),
        (byte)(packet[TypeOffset] >> 2),
        BinaryPrimitives.ReadUInt16LittleEndian(packet[SequenceOffset..]),
        new MessageId(BinaryPrimitives.ReadUInt32LittleEndian(packet[IdOffset..])));

    /// <summary>Judges byte 0.</summary>
    internal static DecodeStatus CheckApi(byte api) => (api & 0xF) != ApiVersion ? DecodeStatus.BadVersion
        : api >> 4 != HeaderWords ? DecodeStatus.BadHeaderWords
        : DecodeStatus.Ok;
}
