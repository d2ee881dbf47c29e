namespace RmStack.Protocol.Messages;

/// <summary>VM_CONSOLE_FLUSH. RM: vm_console_simple.c. Standard reply.</summary>
public readonly ref struct VmConsoleFlush : IMessageView<VmConsoleFlush>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int TargetOffset = 0;

    private readonly WireBytes _payload;

    private VmConsoleFlush(WireBytes payload) => _payload = payload;

    /// <summary>VM whose console is meant; 0 is the caller's own.</summary>
    public ushort Target => Wire.U16(_payload, TargetOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmConsoleFlush view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmConsoleFlush(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort target)
    {
        writer.U16(target);
        writer.Reserved(2);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("target"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("target", Target);
}
