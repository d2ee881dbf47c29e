using System.Buffers.Binary;

namespace RmStack.Protocol.Messages;

/// <summary>A parameter of VM_AUTH_IMAGE: u32 type, u32 value. RM: vm_creation_message.h.</summary>
/// <param name="Type">0 is the peripheral's authentication id.</param>
/// <param name="Value">Its value.</param>
public readonly record struct AuthParameter(uint Type, uint Value) : IWireElement<AuthParameter>
{
    /// <summary>Type of a peripheral authentication id (Linux: PAS_ID).</summary>
    public const uint PasId = 0;

    private const int ValueOffset = 4;

    /// <inheritdoc/>
    public static int Size => 8;

    /// <inheritdoc/>
    public static string EntryForm => "type:value";

    /// <inheritdoc/>
    public static AuthParameter Read(ReadOnlySpan<byte> bytes) => new(Wire.U32(bytes, 0), Wire.U32(bytes, ValueOffset));

    /// <inheritdoc/>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Type);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ValueOffset..], Value);
    }

    /// <inheritdoc/>
    public static AuthParameter FromFields(FieldReader fields) => new((uint)fields.Named("type", uint.MaxValue, ("pas", PasId)), fields.U32("value"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("type", Type).Number("value", Value);

    /// <inheritdoc/>
    public void AppendTo(MessageText text) =>
        text.Word((Type == PasId ? "pas" : MessageText.Numeral(Type)) + ":" + MessageText.Numeral(Value));
}
