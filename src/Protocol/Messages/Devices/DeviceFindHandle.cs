namespace RmStack.Protocol.Messages;

/// <summary>DEVICE_FIND_HANDLE: which device has a resource. RM: device_manager.c (newer, build option). The reply is <see cref="DeviceHandleReply"/>.</summary>
public readonly ref struct DeviceFindHandle : IMessageView<DeviceFindHandle>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 16;

    private const int TypeOffset = 0;
    private const int Data0Offset = 4;
    private const int Data1Offset = 8;
    private const int Data2Offset = 12;

    private readonly WireBytes _payload;

    private DeviceFindHandle(WireBytes payload) => _payload = payload;

    /// <summary>Kind of resource.</summary>
    public DeviceResourceType Type => (DeviceResourceType)Wire.U8(_payload, TypeOffset);

    /// <summary>First word of the resource.</summary>
    public uint Data0 => Wire.U32(_payload, Data0Offset);

    /// <summary>Second word of the resource.</summary>
    public uint Data1 => Wire.U32(_payload, Data1Offset);

    /// <summary>Third word of the resource.</summary>
    public uint Data2 => Wire.U32(_payload, Data2Offset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceFindHandle view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new DeviceFindHandle(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, DeviceResourceType type, uint data0, uint data1, uint data2)
    {
        writer.U8((byte)type);
        writer.Reserved(3);
        writer.U32(data0);
        writer.U32(data1);
        writer.U32(data2);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.Option<DeviceResourceType>("type"), fields.U32("data0"), fields.U32("data1"), fields.U32("data2"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Option("type", Type).Number("data0", Data0).Number("data1", Data1).Number("data2", Data2);
}
