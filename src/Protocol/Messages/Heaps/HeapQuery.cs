namespace RmStack.Protocol.Messages;

/// <summary>HEAP_QUERY. RM: heap_mgnt.c (newer). The reply is <see cref="HeapQueryReply"/>.</summary>
public readonly ref struct HeapQuery : IMessageView<HeapQuery>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 8;

    private const int HeapOffset = 0;
    private const int KindOffset = 4;

    private readonly WireBytes _payload;

    private HeapQuery(WireBytes payload) => _payload = payload;

    /// <summary>0 hypervisor root heap, 1 the RM's own.</summary>
    public uint Heap => Wire.U32(_payload, HeapOffset);

    /// <summary>What is asked.</summary>
    public HeapQueryKind Kind => (HeapQueryKind)Wire.U8(_payload, KindOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out HeapQuery view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new HeapQuery(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, uint heap, HeapQueryKind kind)
    {
        writer.U32(heap);
        writer.U8((byte)kind);
        writer.Reserved(3);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U32("heap"), fields.Option<HeapQueryKind>("query"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("heap", Heap).Option("query", Kind);
}
