namespace RmStack.Protocol.Messages;

/// <summary>VM_SET_TIME_BASE: what the time was at a counter value. RM: vm_creation.c. The 12/2023 RM adds a word to error replies.</summary>
public readonly ref struct VmSetTimeBase : IMessageView<VmSetTimeBase>
{
    /// <summary>Payload length, bytes.</summary>
    public const int Size = 20;

    private const int VmidOffset = 0;
    private const int TimeBaseOffset = 4;
    private const int CounterOffset = 12;

    private readonly WireBytes _payload;

    private VmSetTimeBase(WireBytes payload) => _payload = payload;

    /// <summary>The VM; 0 is the caller.</summary>
    public ushort Vmid => Wire.U16(_payload, VmidOffset);

    /// <summary>Nanoseconds since the epoch.</summary>
    public ulong TimeBase => Wire.U64(_payload, TimeBaseOffset);

    /// <summary>Counter value at that moment.</summary>
    public ulong Counter => Wire.U64(_payload, CounterOffset);

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmSetTimeBase view)
    {
        var payload = reader.Exactly(Size);
        view = reader.Status == DecodeStatus.Ok ? new VmSetTimeBase(payload) : default;
        return reader.Status;
    }

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort vmid, ulong timeBase, ulong counter)
    {
        writer.U16(vmid);
        writer.Reserved(2);
        writer.U64(timeBase);
        writer.U64(counter);
        return writer.End();
    }

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("vmid"), fields.U64("time", unit: FieldUnit.Nanoseconds), fields.U64("counter", unit: FieldUnit.Ticks));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("vmid", Vmid).Number("time", TimeBase, FieldUnit.Nanoseconds).Number("counter", Counter, FieldUnit.Ticks);
}
