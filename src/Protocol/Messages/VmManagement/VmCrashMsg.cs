namespace RmStack.Protocol.Messages;

/// <summary>
/// VM_SET_CRASH_MSG as a request (standard reply), and the success reply to VM_GET_CRASH_MSG: one layout. RM: vm_mgnt.c. The RM keeps the
/// first <see cref="RpcLimits.MaxStoredCrashMessage"/> bytes.
/// </summary>
public readonly ref struct VmCrashMsg : IMessageView<VmCrashMsg>
{
    private VmCrashMsg(WireBytes text) => Text = text;

    /// <summary>The text, as bytes; empty when there is none.</summary>
    public WireBytes Text { get; }

    /// <inheritdoc/>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmCrashMsg view)
    {
        var status = PaddedText.TryRead(ref reader, ushort.MaxValue, out var text);
        view = status == DecodeStatus.Ok ? new VmCrashMsg(text) : default;
        return status;
    }

    /// <summary>Payload length for a text of so many bytes.</summary>
    public static int SizeOf(int text) => PaddedText.SizeOf(text);

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ReadOnlySpan<byte> text) => PaddedText.Write(writer, text);

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.Text("text"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Quoted("text", Text);
}
