using RmStack.Protocol;

namespace RmStack.Cli.Decode;

/// <summary>Shows what was decoded.</summary>
internal interface IDecodeOutput
{
    /// <summary>A whole message, read or refused.</summary>
    void Message(DecodedMessage message);

    /// <summary>A packet that became no part of a message.</summary>
    void Drop(DecodedDrop drop);

    /// <summary>A message that never became whole.</summary>
    void Incomplete(RpcHeader header, IReadOnlyList<SourcePacket> packets, SourcePacket endedBy, string why);

    /// <summary>A place in the input that could not be read.</summary>
    void Problem(SourceProblem problem);
}
