namespace RmStack.Cli.Decode;

/// <summary>Packets of an input file, in order; what is no packet is a problem with a place, and reading goes on where that makes sense.</summary>
internal interface IPacketSource
{
    /// <summary>Reads the next packet or problem. False at the end.</summary>
    bool TryRead(out SourcePacket? packet, out SourceProblem? problem);
}
