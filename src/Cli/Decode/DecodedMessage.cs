using RmStack.Protocol;
using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>One message, put together from its packets and read.</summary>
internal sealed record DecodedMessage
{
    /// <summary>Header of its first packet.</summary>
    public required RpcHeader Header { get; init; }

    /// <summary>Its packets.</summary>
    public required IReadOnlyList<SourcePacket> Packets { get; init; }

    /// <summary>Which way it went, or was taken to go.</summary>
    public required CaptureDirection Direction { get; init; }

    /// <summary>What follows the headers, joined; a reply's error word included.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Error word of a reply.</summary>
    public RmError? Error { get; init; }

    /// <summary>Bytes of the content in front of the payload: a reply's error word.</summary>
    public int PayloadStart { get; init; }

    /// <summary>Its fields; empty when they were refused.</summary>
    public IReadOnlyList<MessageField> Fields { get; init; } = [];

    /// <summary>Why the payload was refused, or Ok.</summary>
    public DecodeStatus Status { get; init; }

    /// <summary>Where the payload went wrong, bytes from its beginning.</summary>
    public int Position { get; init; }

    /// <summary>Name of the message.</summary>
    public string Name => Header.Id.ToString();
}

/// <summary>A packet that became no part of a message, or a message that never became whole.</summary>
internal sealed record DecodedDrop
{
    /// <summary>The packet that was not taken, or the last one of a message that ended early.</summary>
    public required SourcePacket Packet { get; init; }

    /// <summary>Why, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Byte of the packet that is at fault, or null when it is not its bytes but its order.</summary>
    public int? Position { get; init; }

    /// <summary>What else it did, in words, or null.</summary>
    public string? Effect { get; init; }
}
