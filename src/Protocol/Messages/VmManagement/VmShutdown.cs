namespace RmStack.Protocol.Messages;

/// <summary>VM_SHUTDOWN: the owner asks this VM to end. RM: vm_mgnt.c.</summary>
public readonly ref struct VmShutdown : IMessageView<VmShutdown>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 4;

    private const int ReasonOffset = 0;

    private readonly ReadOnlySpan<byte> _payload;

    private VmShutdown(ReadOnlySpan<byte> payload) => _payload = payload;

    /// <summary>Reason given in VM_STOP.</summary>
    public StopReason Reason => (StopReason)Wire.U32(_payload, ReasonOffset);

    /// <summary>Checks a payload.</summary>
    public static DecodeStatus TryParse(ReadOnlySpan<byte> payload, out VmShutdown view)
    {
        var reader = new PayloadReader(payload);
        return TryRead(ref reader, out view);
    }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmShutdown view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmShutdown(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(Span<byte> payload, StopReason reason)
    {
        var writer = new PayloadWriter(payload);
        writer.U32((uint)reason);
        return writer.End();
    }

    /// <inheritdoc/>
    public void AppendTo(MessageText text) => text.Option("reason", Reason);
}
