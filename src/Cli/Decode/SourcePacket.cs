using RmStack.Transport.Capture;

namespace RmStack.Cli.Decode;

/// <summary>One packet as an input file has it.</summary>
/// <param name="Number">Its number in the file, from 1.</param>
/// <param name="Place">Where it is, for people: a line, a byte offset.</param>
/// <param name="Data">Its bytes.</param>
internal sealed record SourcePacket(int Number, string Place, byte[] Data)
{
    /// <summary>Name of the link, for people.</summary>
    public string Link { get; init; } = "";

    /// <summary>What makes it one link: fragments of two links are never mixed.</summary>
    public string LinkKey { get; init; } = "";

    /// <summary>VMID of the link's VM, if the file says it.</summary>
    public ushort? Vmid { get; init; }

    /// <summary>Which way it went, if the file says it.</summary>
    public CaptureDirection Direction { get; init; }

    /// <summary>Nanoseconds since the file's epoch, if the file says it.</summary>
    public ulong? TimeNs { get; init; }

    /// <summary>Bytes that the packet had on the wire, when the capture cut it short.</summary>
    public uint? CutFrom { get; init; }
}

/// <summary>An input that could not be read to its end, or a part of it.</summary>
/// <param name="Place">Where.</param>
/// <param name="Reason">Why.</param>
internal sealed record SourceProblem(string Place, string Reason);
