namespace RmStack.Protocol.Messages;

/// <summary>u16 length, u16 ignored, text, zero padding to 4 bytes: how names and crash messages travel. RM: vm_mgnt.c.</summary>
internal static class PaddedText
{
    public const int FixedSize = 4;

    /// <summary>Reads the whole payload in the RM's order of checks: size, length limit, exact size, padding.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, int lengthLimit, out WireBytes text)
    {
        text = default;
        reader.RequireAtLeast(FixedSize);
        var length = reader.U16();
        reader.U16();
        if (length > lengthLimit)
            reader.Fail(DecodeStatus.NameTooLong, 0);
        var padded = reader.Exactly(Wire.Padded(length));
        if (reader.Status != DecodeStatus.Ok)
            return reader.Status;
        if (padded.Slice(length).IndexOfNonZero() is >= 0 and var index)
        {
            reader.Fail(DecodeStatus.BadPadding, FixedSize + length + index);
            return reader.Status;
        }

        text = padded.Slice(0, length);
        return DecodeStatus.Ok;
    }

    public static int SizeOf(int length) => FixedSize + Wire.Padded(length);

    public static int Write(PayloadWriter writer, ReadOnlySpan<byte> text)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, ushort.MaxValue, nameof(text));
        writer.U16((ushort)text.Length);
        writer.Reserved(2);
        writer.Bytes(text);
        writer.ZeroPadding();
        return writer.End();
    }
}
