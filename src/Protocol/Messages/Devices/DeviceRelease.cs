namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_RELEASE: the borrower gives a device back. RM: device_manager.c (newer, build option). Standard reply.</summary>
public readonly ref struct DeviceRelease : IMessageView<DeviceRelease>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int DeviceOffset = 0;
    private const int FlagsOffset = 4;

    private readonly ReadOnlySpan<byte> _payload;

    private DeviceRelease(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>Device handle.</summary>
    public uint Device => Wire.U32(_payload, DeviceOffset);

    /// <summary>Reset.</summary>
    public DeviceFlags Flags => (DeviceFlags)Wire.U8(_payload, FlagsOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out DeviceRelease view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceRelease view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new DeviceRelease(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, uint device, DeviceFlags flags)
    {
        var writer = new PayloadWriter(payload);
        writer.U32(device);
        writer.U8((byte)flags);
        writer.Reserved(3);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Number("device", Device).OptionIfSet("flags", Flags);
}
