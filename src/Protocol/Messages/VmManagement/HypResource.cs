using System.Buffers.Binary;
using RmStack.Protocol.Hypercalls;

namespace RmStack.Protocol.Messages;

/// <summary>
/// One capability that the caller shares with a VM, 44 bytes; the u64 fields are only 4-byte aligned. RM: vm_resource_msg.h; Linux:
/// struct gunyah_rm_hyp_resource.
/// </summary>
/// <param name="Type">Kind of object; unknown kinds survive.</param>
/// <param name="Partner">VM at the other end; 0 in vCPU entries.</param>
/// <param name="Handle">Resource handle; 0 but for heaps.</param>
/// <param name="Label">Device-tree label, or the vCPU's index.</param>
/// <param name="CapId">Capability in the caller's CSpace.</param>
/// <param name="VirqHandle">vIRQ handle; always 0.</param>
/// <param name="Virq">Interrupt number, or none: 0, from some senders 0xFFFFFFFF.</param>
/// <param name="Base">Address of a virtio-mmio device.</param>
/// <param name="RegionSize">Size of that device's region, bytes.</param>
public readonly record struct HypResource(
    ResourceType Type,
    ushort Partner,
    uint Handle,
    uint Label,
    CapId CapId,
    uint VirqHandle,
    uint Virq,
    ulong Base,
    ulong RegionSize) : IWireElement<HypResource>
{
    /// <summary>What some senders write for "no interrupt"; 0 is what every driver accepts.</summary>
    public const uint NoVirqAllOnes = 0xFFFFFFFF;

    private const int ReservedOffset = 1;
    private const int PartnerOffset = 2;
    private const int HandleOffset = 4;
    private const int LabelOffset = 8;
    private const int CapIdOffset = 12;
    private const int VirqHandleOffset = 20;
    private const int VirqOffset = 24;
    private const int BaseOffset = 28;
    private const int SizeOffset = 36;

    /// <summary>An entry without handles and addresses, as the RM sends most.</summary>
    public HypResource(ResourceType type, ushort partner, uint label, CapId capId, uint virq)
        : this(type, partner, 0, label, capId, 0, virq, 0, 0)
    {
    }

    /// <inheritdoc/>
    public static int Size => 44;

    /// <inheritdoc/>
    public static string EntryForm => string.Empty;

    /// <summary>Whether an interrupt comes with it, by either spelling of "none".</summary>
    public bool HasVirq => Virq is not (0 or NoVirqAllOnes);

    /// <inheritdoc/>
    public static HypResource Read(ReadOnlySpan<byte> bytes) => new(
        (ResourceType)Wire.U8(bytes, 0),
        Wire.U16(bytes, PartnerOffset),
        Wire.U32(bytes, HandleOffset),
        Wire.U32(bytes, LabelOffset),
        new CapId(Wire.U64(bytes, CapIdOffset)),
        Wire.U32(bytes, VirqHandleOffset),
        Wire.U32(bytes, VirqOffset),
        Wire.U64(bytes, BaseOffset),
        Wire.U64(bytes, SizeOffset));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)Type;
        bytes[ReservedOffset] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[PartnerOffset..], Partner);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[HandleOffset..], Handle);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[LabelOffset..], Label);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[CapIdOffset..], CapId.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[VirqHandleOffset..], VirqHandle);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[VirqOffset..], Virq);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[BaseOffset..], Base);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[SizeOffset..], RegionSize);
    }

    /// <inheritdoc/>
    public static HypResource FromFields(FieldReader fields)
    {
        var type = fields.State<ResourceType>("type");
        var partner = fields.U16("partner", FieldRule.Optional);
        var handle = fields.U32("handle", FieldRule.Optional);
        var label = fields.U32("label");
        var cap = new CapId(fields.U64("cap"));
        var virqHandle = fields.U32("virq_handle", FieldRule.Optional);
        var virq = fields.U32("virq", FieldRule.Optional);
        var mmio = fields.Range("mmio", "base", "size", FieldRule.Optional);
        return new(type, partner, handle, label, cap, virqHandle, virq, mmio.Start, mmio.Size);
    }

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields
        .State("type", Type)
        .Number("partner", Partner)
        .Number("handle", Handle)
        .Number("label", Label)
        .Number("cap", CapId.Value)
        .Number("virq_handle", VirqHandle)
        .Number("virq", Virq)
        .Number("base", Base)
        .Number("size", RegionSize, FieldUnit.Bytes);

    /// <inheritdoc/>
    public void AppendTo(MessageText text)
    {
        text.State("type", Type).Number("label", Label).Number("cap", CapId.Value);
        if (HasVirq)
            text.Number("virq", Virq);
        text.NumberIfSet("partner", Partner);
        if (Base != 0 || RegionSize != 0)
            text.Range("mmio", "base", Base, "size", RegionSize);
    }
}
