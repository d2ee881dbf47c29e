namespace RmStack.Protocol.Messages;

/// <summary>Success reply to DEVICE_GET_RESOURCES: MMIO, IRQ, IOMMU, MSI, PCIe, in this order.</summary>
public readonly ref struct DeviceResourcesReply : IMessageView<DeviceResourcesReply>
{
    private DeviceResourcesReply(WireList<DeviceResource> resources) => Resources = resources;

    /// <summary>The resources.</summary>
    public WireList<DeviceResource> Resources { get; }

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out DeviceResourcesReply view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

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
    public static int Write(Span<byte> payload, ReadOnlySpan<DeviceResource> resources)
    {
        var writer = new PayloadWriter(payload);
        writer.List(resources);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.List("resources", Resources);
}
