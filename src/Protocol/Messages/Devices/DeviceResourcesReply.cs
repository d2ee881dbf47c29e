namespace RmStack.Protocol.Messages;

/// <summary>Success reply to DEVICE_GET_RESOURCES: MMIO, IRQ, IOMMU, MSI, PCIe, in this order.</summary>
public readonly ref struct DeviceResourcesReply : IMessageView<DeviceResourcesReply>
{
    private DeviceResourcesReply(WireList<DeviceResource> resources) => Resources = resources;

    /// <summary>The resources.</summary>
    public WireList<DeviceResource> Resources { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out DeviceResourcesReply view)
    {
        reader.RequireAtLeast(Wire.CountSize);
        var resources = reader.List<DeviceResource>();
        var status = reader.End();
        view = status == DecodeStatus.Ok ? new DeviceResourcesReply(resources) : default;
        return status;
    }

    /// <summary>Payload length for so many entries, bytes.</summary>
    public static int SizeOf(int resources) =>
        Wire.CountSize + (resources * DeviceResource.Size);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<DeviceResource> resources)
    {
        writer.List(resources);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.List<DeviceResource>("resources"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.List("resources", Resources);
}
