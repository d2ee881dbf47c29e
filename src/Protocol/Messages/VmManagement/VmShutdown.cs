namespace RmStack.Protocol.Messages;

/// <summary>VM_SHUTDOWN: the owner asks this VM to end. RM: vm_mgnt.c.</summary>
public readonly ref struct VmShutdown : IMessageView<VmShutdown>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int ReasonOffset = 0;

    private readonly WireBytes _payload;

    private VmShutdown(WireBytes payload) => _payload = payload;

    /// <summary>Reason given in VM_STOP.</summary>
    public StopReason Reason => (StopReason)Wire.U32(_payload, ReasonOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmShutdown view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmShutdown(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, StopReason reason)
    {
        writer.U32((uint)reason);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.Option<StopReason>("reason"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Option("reason", Reason);
}
