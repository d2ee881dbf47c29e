using RmStack.Protocol;

namespace RmStack.Transport.Ports.Replay;

/// <summary>A packet that was sent and is not the one in the capture.</summary>
/// <param name="Expected">The packet in its place; null when the capture has no more.</param>
/// <param name="ExpectedBytes">Its bytes, with the sequence id that was wanted.</param>
/// <param name="ActualBytes">What was sent.</param>
public sealed record ReplayMismatch(RecordedPacket? Expected, ReadOnlyMemory<byte> ExpectedBytes, ReadOnlyMemory<byte> ActualBytes)
{
    /// <summary>Number of the expected packet in the file, from 1; null when the capture has no more.</summary>
    public int? PacketNumber => Expected?.Number;

    /// <summary>The first byte that differs; the length of the shorter one when it is the beginning of the longer.</summary>
    public int Offset => ExpectedBytes.Span.CommonPrefixLength(ActualBytes.Span);

    /// <summary>Several lines: the place, and both packets in words and in hex.</summary>
    public override string ToString() => Expected is null
        ? $"sent after the last packet of the capture:\n{Lines("sent", ActualBytes)}"
        : FormattableString.Invariant($"packet {Expected.Number} differs at byte {Offset}:\n{Lines("capture", ExpectedBytes)}\n{Lines("sent", ActualBytes)}");

    private static string Lines(string who, ReadOnlyMemory<byte> packet) =>
        $"  {who,-7}  {MessageFormatter.FormatPacket(packet.Span)}\n           {Convert.ToHexStringLower(packet.Span)}";
}

/// <summary>How far a replay is.</summary>
/// <param name="Sent">Packets that were compared and taken, mismatches included.</param>
/// <param name="Received">Packets that were received.</param>
/// <param name="SendsLeft">Packets of the capture that were not sent.</param>
/// <param name="ReceivesLeft">Packets of the capture that were not received.</param>
/// <param name="Mismatches">Packets that were not the one in the capture, all of them.</param>
/// <param name="NextToSend">The packet that is waited for; null when all were sent.</param>
public readonly record struct ReplayProgress(int Sent, int Received, int SendsLeft, int ReceivesLeft, long Mismatches, RecordedPacket? NextToSend)
{
    /// <summary>Everything was sent as in the capture and received.</summary>
    public bool IsFaithful => SendsLeft == 0 && ReceivesLeft == 0 && Mismatches == 0;

    /// <summary>One line.</summary>
    public override string ToString() => FormattableString.Invariant($"{Sent} sent, {Received} received, {Mismatches} differ; ") + (NextToSend, ReceivesLeft) switch
    {
        (null, 0) => "nothing left",
        (null, _) => FormattableString.Invariant($"{ReceivesLeft} left to receive"),
        _ => FormattableString.Invariant($"{SendsLeft} left to send, next {NextToSend}"),
    };
}
