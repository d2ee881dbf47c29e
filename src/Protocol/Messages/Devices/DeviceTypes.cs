using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>Flags of DEVICE_ACCEPT.</summary>
[Flags]
public enum DeviceAcceptFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Reset the device first.</summary>
    Reset = 1 << 0,

    /// <summary>Bind it to the bus.</summary>
    Bind = 1 << 1,
}

/// <summary>Flags of DEVICE_LEND, DEVICE_DONATE, DEVICE_RELEASE and DEVICE_RECLAIM.</summary>
[Flags]
public enum DeviceFlags : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Reset the device first.</summary>
    Reset = 1 << 0,
}

/// <summary>What DEVICE_NOTIFY announces; exactly one.</summary>
[Flags]
public enum DeviceNotifyFlags : byte
{
    /// <summary>Nothing; refused.</summary>
    None = 0,

    /// <summary>Donated.</summary>
    Donated = 1 << 0,

    /// <summary>Lent.</summary>
    Lent = 1 << 1,

    /// <summary>Released.</summary>
    Released = 1 << 2,

    /// <summary>Accepted.</summary>
    Accepted = 1 << 3,

    /// <summary>Wanted back.</summary>
    Recall = 1 << 4,
}

/// <summary>Flags of DEVICE_GET_RESOURCES.</summary>
[Flags]
public enum DeviceResourceFlags : byte
{
    /// <summary>Numbers as the caller sees them.</summary>
    None = 0,

    /// <summary>Physical numbers.</summary>
    Physical = 1 << 0,
}

/// <summary>Kind of a device's resource. Unknown values survive (the newer RM has one for PCIe functions).</summary>
public enum DeviceResourceType : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Registers.</summary>
    Mmio = 1,

    /// <summary>Interrupt.</summary>
    Irq = 2,

    /// <summary>Stream of an IOMMU.</summary>
    Iommu = 3,

    /// <summary>Message-signalled interrupts.</summary>
    Msi = 4,
}

/// <summary>A resource of a device: u8 type, 3 reserved, u32 data[3]. RM: device_manager.c.</summary>
/// <param name="Type">Kind of resource.</param>
/// <param name="Data0">First word.</param>
/// <param name="Data1">Second word.</param>
/// <param name="Data2">Third word.</param>
public readonly record struct DeviceResource(DeviceResourceType Type, uint Data0, uint Data1, uint Data2) : IWireElement<DeviceResource>
{
    private const int Data0Offset = 4;
    private const int Data1Offset = 8;
    private const int Data2Offset = 12;

    /// <inheritdoc/>
    public static int Size => 16;

    /// <inheritdoc/>
    public static string EntryForm => "type:data0,data1,data2";

    /// <inheritdoc/>
    public static DeviceResource Read(ReadOnlySpan<byte> bytes) => new(
        (DeviceResourceType)bytes[0],
        Wire.U32(bytes, Data0Offset),
        Wire.U32(bytes, Data1Offset),
        Wire.U32(bytes, Data2Offset));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (byte)Type);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Data0Offset..], Data0);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Data1Offset..], Data1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[Data2Offset..], Data2);
    }

    /// <inheritdoc/>
    public static DeviceResource FromFields(FieldReader fields) => new(
        fields.Option<DeviceResourceType>("type"), fields.U32("data0"), fields.U32("data1"), fields.U32("data2"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Option("type", Type).Number("data0", Data0).Number("data1", Data1).Number("data2", Data2);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Word(
        Type.ToString().ToLowerInvariant() + ":" + MessageText.Numeral(Data0) + "," + MessageText.Numeral(Data1) + "," + MessageText.Numeral(Data2));
}
