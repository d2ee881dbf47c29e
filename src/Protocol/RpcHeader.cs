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

    /// <summary>The type's bits in a header as one number.</summary>
    internal const ulong TypeMask = 3UL << TypeShift;

    /// <summary>The type's bits of a request.</summary>
    internal const ulong RequestBits = (ulong)RpcMessageType.Request << TypeShift;

    /// <summary>Bits that are alike in the headers of all messages of one packet: byte 0 and the fragments.</summary>
    internal const ulong WholeMask = 0xFF | ((ulong)RpcLimits.FragmentsFieldMax << FragmentsShift);

    /// <summary>What those bits are.</summary>
    internal const ulong WholeWord = ApiByte;

    private const int ApiVersion = 1;
    private const int HeaderWords = RpcLimits.HeaderSize / 4;
    private const int TypeShift = 8;
    private const int FragmentsShift = 10;
    private const int SequenceShift = 16;
    private const int IdShift = 32;

    /// <summary>A header as it would be written; <paramref name="fragments"/> counts the packets after the first.</summary>
    public RpcHeader(RpcMessageType type, byte fragments, ushort sequenceId, MessageId id)
    {
        Debug.Assert(fragments <= RpcLimits.FragmentsFieldMax, "the fragments field has 6 bits");
        Word = ApiByte
            | ((ulong)type << TypeShift)
            | ((ulong)fragments << FragmentsShift)
            | ((ulong)sequenceId << SequenceShift)
            | ((ulong)id.Value << IdShift);
    }

    internal RpcHeader(ulong word) => Word = (word & ~0xFFUL) | ApiByte;

    /// <summary>Kind of packet.</summary>
    public RpcMessageType Type => (RpcMessageType)((Word >> TypeShift) & 3);

    /// <summary>Continuation packets that the whole message has after its first packet (not a countdown).</summary>
    public byte Fragments => (byte)((Word >> FragmentsShift) & RpcLimits.FragmentsFieldMax);

    /// <summary>Chosen by the requester, echoed in the reply; meaningless in notifications.</summary>
    public ushort SequenceId => (ushort)(Word >> SequenceShift);

    /// <summary>Request id (echoed in the reply) or notification id.</summary>
    public MessageId Id => new((uint)(Word >> IdShift));

    /// <summary>The 8 bytes as one little-endian number: packets of a message are compared in one step.</summary>
    internal ulong Word { get; }

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
        return CheckApi(packet[0]) is var status and not DecodeStatus.Ok ? status
            : header.Fragments > RpcLimits.MaxFragments ? DecodeStatus.BadFragmentCount
            : DecodeStatus.Ok;
    }

    /// <summary>Writes the 8 header bytes to the start of <paramref name="packet"/>.</summary>
    public void Write(Span<byte> packet) => BinaryPrimitives.WriteUInt64LittleEndian(packet, Word);

    /// <summary>Splits 8 bytes into fields without judging any of them.</summary>
    public static RpcHeader Read(ReadOnlySpan<byte> packet) => new(BinaryPrimitives.ReadUInt64LittleEndian(packet));

    /// <summary>The header of the packets that follow this first one.</summary>
    internal RpcHeader Continuation => new(Word & ~TypeMask);

    /// <summary>Judges byte 0.</summary>
    internal static DecodeStatus CheckApi(byte api) => (api & 0xF) != ApiVersion ? DecodeStatus.BadVersion
        : api >> 4 != HeaderWords ? DecodeStatus.BadHeaderWords
        : DecodeStatus.Ok;
}
