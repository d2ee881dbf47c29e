using System.Buffers.Binary;

namespace RmStack.Protocol;

/// <summary>Content of a reply: the error word, then the payload that the message's reply view reads.</summary>
public readonly ref struct RpcReply
{
    private RpcReply(RmError error, ReadOnlySpan<byte> payload)
    {
        Error = error;
        Payload = payload;
    }

    /// <summary>The RM's verdict; unknown values survive.</summary>
    public RmError Error { get; }

    /// <summary>What follows the error word; nothing in a standard reply.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Checks that the error word is there.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> content, out RpcReply reply)
    {
        if (content.Length < RpcLimits.ErrorSize)
        {
            reply = default;
            return DecodeStatus.TooShort;
        }

        reply = new RpcReply((RmError)BinaryPrimitives.ReadUInt32LittleEndian(content), content[RpcLimits.ErrorSize..]);
        return DecodeStatus.Ok;
    }

    /// <summary>Writes the error word; the payload, if any, goes behind the returned length.</summary>
    public static int WriteError(Span<byte> content, RmError error)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(content, (uint)error);
        return RpcLimits.ErrorSize;
    }
}
