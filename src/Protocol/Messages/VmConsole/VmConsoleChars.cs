namespace RmStack.Protocol.Messages;

/// <summary>VM_CONSOLE_CHARS: text from the other side of a console. RM: vm_console_simple.c.</summary>
public readonly ref struct VmConsoleChars : IMessageView<VmConsoleChars>
{
    /// <summary>Most text bytes that the RM can carry in one message.</summary>
    public const int MaxText = RpcLimits.MaxContent - VmConsoleText.FixedSize;

    private VmConsoleChars(ushort from, WireBytes text)
    {
        From = from;
        Text = text;
    }

    /// <summary>VMID of the VM when it wrote; 0 when the owner did.</summary>
    public ushort From { get; }

    /// <summary>The text, as bytes.</summary>
    public WireBytes Text { get; }

    /// <summary>Checks a payload: exactly 4 + n bytes.</summary>
    public static DecodeStatus TryRead(scoped ref PayloadReader reader, out VmConsoleChars view)
    {
        var status = VmConsoleText.TryRead(ref reader, out var from, out var text);
        view = status == DecodeStatus.Ok ? new VmConsoleChars(from, text) : default;
        return status;
    }

    /// <summary>Payload length for so many text bytes.</summary>
    public static int SizeOf(int text) => VmConsoleText.FixedSize + text;

    /// <summary>Writes a payload and returns its length, bytes.</summary>
    public static int Write(PayloadWriter writer, ushort from, ReadOnlySpan<byte> text) => VmConsoleText.Write(writer, from, text);

    /// <inheritdoc/>
    public static int Encode(PayloadWriter writer, FieldReader fields) => Write(writer, fields.U16("from"), fields.Text("text"));

    /// <inheritdoc/>
    public void Describe(MessageFields fields) => fields.Number("from", From).Quoted("text", Text);
}
