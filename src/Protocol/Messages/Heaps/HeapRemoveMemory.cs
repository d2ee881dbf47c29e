namespace RmStack.Protocol.Messages;

/// <summary>HEAP_REMOVE_MEMORY. RM: heap_mgnt.c (newer). Standard reply.</summary>
public readonly ref struct HeapRemoveMemory : IMessageView<HeapRemoveMemory>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 12;

    private const int HeapOffset = 0;
    private const int HandleOffset = 8;

    private readonly WireBytes _payload;

    private HeapRemoveMemory(WireBytes payload) => _payload = payload;

    /// <summary>0 hypervisor root heap, 1 the RM's own.</summary>
    public uint Heap => Wire.U32(_payload, HeapOffset);

    /// <summary>The memparcel.</summary>
    public uint Handle => Wire.U32(_payload, HandleOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out HeapRemoveMemory view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new HeapRemoveMemory(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint heap, uint handle)
    {
        writer.U32(heap);
        writer.Reserved(4);
        writer.U32(handle);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("heap"), fields.U32("parcel"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("heap", Heap).Number("parcel", Handle);
}
