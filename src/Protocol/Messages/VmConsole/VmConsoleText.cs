namespace RmStack.Protocol.Messages;

/// <summary>u16 vmid, u16 n, n bytes, nothing behind them: the one text on this wire without padding. RM: vm_console_simple.c.</summary>
internal static class VmConsoleText
{
    public const int FixedSize = 4;
    private const int LengthOffset = 2;

    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out ushort vmid, out WireBytes text)
    {
        var payload = reader.Bytes(FixedSize);
        vmid = 0;
        text = default;
        if (reader.Status != DecodeStatus.Ok)
            return reader.Status;
        vmid = Wire.U16(payload, 0);
        text = reader.Exactly(Wire.U16(payload, LengthOffset));
        return reader.Status;
    }

    public static int Write(PayloadWriter writer, ushort vmid, ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, ushort.MaxValue, nameof(text));
        writer.U16(vmid);
        writer.U16((ushort)text.Length);
        writer.Bytes(text);
        return writer.End();
    }
}
