namespace RmStack.Protocol.Messages;

/// <summary>An entry of the reply to VM_GET_ID, as text gives it: the data of a GUID is bytes, of all others text.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Data">Its bytes without padding.</param>
internal readonly record struct IdentityEntry(VmIdType Type, ReadOnlyMemory<byte> Data) : IFieldEntry<IdentityEntry>
{
    /// <inheritdoc/>
    public static string EntryForm => "type=data";

    /// <inheritdoc/>
    public static int LeastSize => 4;

    /// <inheritdoc/>
    public static IdentityEntry FromFields(FieldReader fields)
    {
        var type = fields.Option<VmIdType>("type");
        return new(type, fields.Data("data", type == VmIdType.Guid));
    }
}
